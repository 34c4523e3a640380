#!/usr/bin/env bash
# What:     azure-resourcemanager-keyvault 2.54.1 (Java) says of a vault that has soft delete unset that soft delete is off:
#           `softDeleteEnabled()` is false. Azure leaves the property out of vaults that never said it, also of those that say
#           how many days they keep what is deleted, as here. The clients for Python and JavaScript say nothing (`None`, `undefined`).
# Expected: true, or something that is neither. "If it's not set to any value (true or false) when creating new key vault, it will be set
#           to true by default": https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get (VaultProperties)
# Handled:  unset is the default of the service, and the evidence says so: policies/vaults/AKV001-soft-delete.yaml, and
#           "a passing unset soft delete says that it is the service default" in test/cli/truth.test.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>find</groupId>
  <artifactId>find</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.azure.resourcemanager</groupId>
      <artifactId>azure-resourcemanager-keyvault</artifactId>
      <version>2.54.1</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode dependency:build-classpath -Dmdep.outputFile=classpath > maven.log 2>&1 || { tail maven.log; exit 1; }

cat > Ask.java <<'JAVA'
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.resourcemanager.keyvault.KeyVaultManager;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

public class Ask {
    static final String VAULT = """
        {"id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a", "name": "kv-a",
         "type": "Microsoft.KeyVault/vaults", "location": "westeurope", "properties": {"sku": {"family": "A", "name": "standard"},
         "tenantId": "11111111-1111-1111-1111-111111111111", "accessPolicies": [], "softDeleteRetentionInDays": 90,
         "vaultUri": "https://kv-a.vault.azure.net/", "provisioningState": "Succeeded"}}""";

    public static void main(String[] arguments) {
        HttpClient azure = request -> Mono.just(new Answer(request));
        var profile = new AzureProfile("11111111-1111-1111-1111-111111111111", "s", AzureEnvironment.AZURE);
        var manager = KeyVaultManager.authenticate(new HttpPipelineBuilder().httpClient(azure).build(), profile);
        var vault = manager.vaults().getByResourceGroup("rg", "kv-a");
        System.out.println("softDeleteEnabled() " + vault.softDeleteEnabled());
        System.out.println("as Azure has it " + vault.innerModel().properties().enableSoftDelete());
    }

    static final class Answer extends HttpResponse {
        private final HttpHeaders headers = new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json");
        private final byte[] body = VAULT.getBytes(StandardCharsets.UTF_8);

        Answer(HttpRequest request) {
            super(request);
        }

        @Override
        public int getStatusCode() {
            return 200;
        }

        @Override
        @Deprecated
        public String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.just(ByteBuffer.wrap(body));
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.just(body);
        }

        @Override
        public Mono<String> getBodyAsString() {
            return Mono.just(VAULT);
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.just(VAULT);
        }
    }
}
JAVA
java -cp "$(cat classpath)" Ask.java 2> java.log | tee seen || { cat java.log; exit 1; }

diff - seen <<'SEEN'
softDeleteEnabled() false
as Azure has it null
SEEN
