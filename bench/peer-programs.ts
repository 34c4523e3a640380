import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './scanner.ts';

/** A program that others use, ready to run; or why it could not be had. */
export type PeerProgram =
  | { readonly name: string; readonly version: string; readonly path: string; readonly missing?: undefined }
  | { readonly name: string; readonly version: string; readonly missing: string };

/** Where programs are installed, once for many runs, and outside of the repository. */
const installed = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'purgeproof-peers');

const azqrVersion = '4.0.0';
const opaVersion = '1.4.2';
const gojqVersion = '0.12.19';
const checkovVersion = '3.3.30';

/**
 * The Azure Quick Review, from its source: the Go module proxy lacks the rules that it takes from a submodule. One line is
 * added, since it reaches Resource Graph past any proxy, behind which the emulated Azure is.
 */
export function azqr(): PeerProgram {
  const source = join(installed, `azqr-${azqrVersion}`);
  const path = join(source, 'azqr');
  return install({ name: 'azqr', version: azqrVersion, path }, () => {
    const repository = 'https://github.com/Azure/azqr';
    run('git', ['clone', '-q', '--depth', '1', '--branch', `v.${azqrVersion}`, repository, source]);
    run('git', ['submodule', 'update', '-q', '--init'], source);
    const file = join(source, 'internal/az/http_client.go');
    const transport = 'var sharedTransport = &http.Transport{';
    const text = readFileSync(file, 'utf8');
    if (!text.includes(transport)) throw new Error('its HTTP client has changed');
    writeFileSync(file, text.replace(transport, `${transport}\n\tProxy: http.ProxyFromEnvironment,`));
    run('go', ['build', '-o', path, './cmd/azqr'], source);
  });
}

/** Open Policy Agent. */
export function opa(): PeerProgram {
  const path = join(installed, 'opa');
  return install({ name: 'opa', version: opaVersion, path }, () => {
    goInstall(`github.com/open-policy-agent/opa@v${opaVersion}`);
  });
}

/** The jq of the system; else gojq, which answers the same. */
export function jq(): PeerProgram {
  try {
    const version = execFileSync('jq', ['--version'], { encoding: 'utf8' }).trim();
    return { name: 'jq', version: version.replace(/^jq-/, ''), path: 'jq' };
  } catch {
    const path = join(installed, 'gojq');
    return install({ name: 'gojq', version: gojqVersion, path }, () => {
      goInstall(`github.com/itchyny/gojq/cmd/gojq@v${gojqVersion}`);
    });
  }
}

/** Checkov. */
export function checkov(): PeerProgram {
  const folder = join(installed, `checkov-${checkovVersion}`);
  const path = join(folder, 'bin/checkov');
  return install({ name: 'checkov', version: checkovVersion, path }, () => {
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin/pip'), ['install', '-q', `checkov==${checkovVersion}`]);
  });
}

/** The ripgrep of the system. */
export function ripgrep(): PeerProgram {
  try {
    const [, version = ''] =
      /^ripgrep (\S+)/.exec(execFileSync('rg', ['--version'], { encoding: 'utf8' })) ?? [];
    return { name: 'ripgrep', version, path: 'rg' };
  } catch {
    return { name: 'ripgrep', version: '', missing: 'it is not on the PATH' };
  }
}

/** The Azure CLI of the system; else the one that the tests install. */
export function azureCli(): PeerProgram {
  const script = join(root, '.ci/install-azure-cli');
  try {
    const folder = execFileSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    if (folder !== '') process.env['PATH'] = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
    const versions: Record<string, string> = JSON.parse(
      execFileSync('az', ['version'], { encoding: 'utf8' }),
    );
    return { name: 'az', version: versions['azure-cli'] ?? '', path: 'az' };
  } catch {
    return { name: 'az', version: '', missing: 'it could not be installed' };
  }
}

function goInstall(module: string): void {
  run('go', ['install', module], undefined, { GOBIN: installed });
}

function run(
  program: string,
  argv: readonly string[],
  ...[cwd = installed, env = {}]: readonly [string?, Readonly<Record<string, string>>?]
): void {
  execFileSync(program, argv, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
}

function install(
  { name, version, path }: { readonly name: string; readonly version: string; readonly path: string },
  make: () => void,
): PeerProgram {
  try {
    mkdirSync(installed, { recursive: true });
    if (!existsSync(path)) make();
    return { name, version, path };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return { name, version, missing: reason ?? '' };
  }
}
