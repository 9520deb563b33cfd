// Test files one after the other in one process, and so in one browser and its profiles: `node lane.mjs link.test.mjs ...`.
// `node --test link.test.mjs` does the same with one file.

import nodeTest from 'node:test';

for (const file of process.argv.slice(2)) {
  try {
    await import(new URL(file, import.meta.url));
  } catch (error) {
    nodeTest(file, () => { throw error; });
  }
}
