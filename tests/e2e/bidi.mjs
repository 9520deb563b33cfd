// Firefox as it is installed, driven by what it speaks itself: WebDriver BiDi (https://w3c.github.io/webdriver-bidi)
// over a WebSocket. No driver beside it is needed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';

/** Without a word to anybody; the browser turns off the rest itself when it is driven. */
const SETTINGS = {
  'app.update.disabledForTesting': true,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // The look of the system that a test can count on: light.
  'layout.css.prefers-color-scheme.content-override': 1,
};

/** A started browser: { send(method, params), on(event, listener), close() }. */
export async function launch(executable) {
  const profile = await mkdtemp(join(tmpdir(), 'attnscope-firefox-'));
  const lines = Object.entries(SETTINGS).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const flags = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const child = spawn(executable, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  // Tests that die leave no browser behind.
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  const socket = new WebSocket(`${await listening(child)}/session`);
  await once(socket, 'open');
  const browser = conversation(socket);
  await browser.send('session.new', { capabilities: {} });
  return {
    ...browser,
    async close() {
      const gone = once(child, 'exit');
      await Promise.race([browser.send('browser.close', {}).catch(() => {}), gone]);
      const late = setTimeout(kill, 5000);
      await gone;
      clearTimeout(late);
      process.off('exit', kill);
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Where the browser listens, as it says on its way up. */
function listening(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      const address = said.match(/WebDriver BiDi listening on (ws:\/\/\S+)/);
      if (address) resolve(address[1]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the browser ended with ${code}:\n${said}`)));
  });
}

/** Commands with their answers, and events. */
function conversation(socket) {
  const waiting = new Map();
  const listeners = new Map();
  let last = 0;
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.type === 'event') {
      for (const listener of listeners.get(message.method) ?? []) listener(message.params);
      return;
    }
    const { resolve, reject, method } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if (message.type === 'success') resolve?.(message.result);
    else reject?.(new Error(`${method}: ${message.error}: ${message.message}`));
  });
  socket.on('close', () => waiting.forEach(({ reject, method }) => reject(new Error(`${method}: the browser is gone`))));
  return {
    send: (method, params) => new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject, method });
      socket.send(JSON.stringify({ id: last, method, params }));
    }),
    on: (event, listener) => listeners.set(event, [...listeners.get(event) ?? [], listener]),
  };
}
