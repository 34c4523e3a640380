# The shipped rules about vaults in Rego, for the chapter of docs/performance.md that compares the two.
package purgeproof

vaults := [vault | some vault in input; lower(vault.type) == "microsoft.keyvault/vaults"]

findings contains {"rule": "AKV001", "id": vault.id} if {
	some vault in vaults
	not is_unset(vault.properties, "enableSoftDelete")
	not is_true(vault.properties, "enableSoftDelete")
}

findings contains {"rule": "AKV002", "id": vault.id} if {
	some vault in vaults
	not is_true(vault.properties, "enablePurgeProtection")
}

findings contains {"rule": "AKV003", "id": vault.id} if {
	some vault in vaults
	not is_unset(vault.properties, "softDeleteRetentionInDays")
	not vault.properties.softDeleteRetentionInDays >= 90
}

findings contains {"rule": "AKV004", "id": vault.id} if {
	some vault in vaults
	not is_true(vault.properties, "enableRbacAuthorization")
}

findings contains {"rule": "AKV005", "id": vault.id} if {
	some vault in vaults
	not is_true(vault.properties, "enableRbacAuthorization")
	some policy in vault.properties.accessPolicies
	some kind in ["keys", "secrets", "certificates", "storage"]
	some permission in policy.permissions[kind]
	lower(permission) == "purge"
}

findings contains {"rule": "AKV006", "id": vault.id} if {
	some vault in vaults
	not is_closed(vault.properties)
}

findings contains {"rule": "AKV007", "id": vault.id} if {
	some vault in vaults
	not has_endpoint(vault.properties)
}

is_unset(properties, key) if properties[key] == null

is_unset(properties, key) if not key in object.keys(properties)

is_true(properties, key) if properties[key] == true

is_true(properties, key) if lower(properties[key]) == "true"

is_closed(properties) if lower(properties.publicNetworkAccess) in {"disabled", "securedbyperimeter"}

is_closed(properties) if lower(properties.networkAcls.defaultAction) == "deny"

has_endpoint(properties) if {
	some connection in properties.privateEndpointConnections
	lower(connection.properties.privateLinkServiceConnectionState.status) == "approved"
}
