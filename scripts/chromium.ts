import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

/** A Chromium, as Debian, Ubuntu and Google name it; empty where there is none. */
export const [chromiumPath = ''] = ['chromium', 'chromium-browser', 'google-chrome'].flatMap(
  (name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim() || [],
);

/** Starts it without a window, with a profile of its own, and asking nobody for anything. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
