// Run by npm when the dependencies have changed: the lock file names versions and checksums, and no address.
import { readFile, writeFile } from "node:fs/promises";

const lock = JSON.parse(await readFile("package-lock.json", "utf8"));
for (const one of Object.values(lock.packages)) {
  delete one.funding;
  delete one.resolved;
}
await writeFile("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
