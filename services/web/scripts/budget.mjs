// The report page opens on an old phone with bad net, so what it loads is limited: all scripts that come before the form,
// as they travel (Brotli). React itself is 58 kB of it.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const most = 72_000;
const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");

/** What a page loads before it is drawn: its script, what is preloaded, and what those import at once. */
function scripts(page) {
  const loaded = new Set();
  const waiting = [
    ...readFileSync(join(dist, page), "utf8").matchAll(/(?:src|href)="\/app\/(assets\/[^"]+\.js)"/g),
  ].map((hit) => hit[1]);
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    if (loaded.has(name)) continue;
    loaded.add(name);
    const code = readFileSync(join(dist, name), "utf8");
    for (const [, next] of code.matchAll(/\bfrom\s*"\.\/([^"]+\.js)"/g)) waiting.push(`assets/${next}`);
    for (const [, next] of code.matchAll(/\bimport\s*"\.\/([^"]+\.js)"/g)) waiting.push(`assets/${next}`);
  }
  return [...loaded];
}

const names = scripts("report.html");
const weight = (ending) =>
  names.reduce((sum, name) => sum + readFileSync(join(dist, `${name}.${ending}`)).length, 0);
if (names.length === 0) throw new Error("report.html loads no script: has the build changed its form?");
const travels = weight("br");
console.log(`report page: ${names.length} scripts, ${travels} bytes (gzip ${weight("gz")}), at most ${most}`);
if (travels > most) {
  console.error(
    "The report page has grown too heavy for a phone. Load what it does not need at once later, or not at all.",
  );
  process.exit(1);
}
