#!/usr/bin/env bash
# What:     @azure/identity 4.13.1: AzureCliCredential replaces whatever `az` says by a fixed sentence as soon as it mentions
#           `az login`. An Azure CLI whose federated token has expired says AADSTS700024 and then advises `az login`: code
#           and reason are in no property of the error. A stand-in prints what `az` prints.
# Expected: the error carries what `az` said, as it does for every other text on standard error.
# Handled:  src/azure/sign-in/azure-cli.ts asks `az` once more for its reason, with `--output none`; test/cases/sign-in.test.ts (D9).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @azure/identity@4.13.1 >/dev/null
mkdir bin
stand_in() {
  printf '#!/bin/sh\nprintf "%s" >&2\nexit 1\n' "$1" >bin/az
  chmod +x bin/az
}
cat >ask.mjs <<'JS'
import { AzureCliCredential } from '@azure/identity';
const error = await new AzureCliCredential().getToken('https://management.azure.com/.default').catch((e) => e);
const everything = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n');
console.log(/AADSTS700024/.test(everything) ? 'reason kept' : 'reason dropped', '|', error.message.trim());
JS
PATH="$folder/bin:$PATH"
export PATH
stand_in 'ERROR: AADSTS700024: Client assertion is not within its valid time range.\\n'
alone=$(node ask.mjs)
stand_in 'ERROR: AADSTS700024: Client assertion is not within its valid time range.\\nPlease run:\\naz login\\n'
advised=$(node ask.mjs)
echo "$alone"
echo "$advised"
case "$alone" in 'reason kept |'*) ;; *) echo 'changed: the reason alone is not kept' >&2; exit 1 ;; esac
case "$advised" in 'reason dropped |'*"Please run 'az login'"*) ;; *) echo 'changed: the reason is not dropped' >&2; exit 1 ;; esac
