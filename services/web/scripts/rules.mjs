// House rules a type checker does not see. Each rule says what to do instead.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const rules = [
  [
    /^src\/.*\.tsx?$/,
    /dangerouslySetInnerHTML|\.innerHTML|insertAdjacentHTML|document\.write/,
    "render elements, never HTML strings",
  ],
  [/\.tsx?$/, /\blocalStorage\b/, "nothing about people or sessions may lie in the browser's storage"],
  [/\.tsx?$/, /\beval\(|new Function\(/, "the content security policy refuses code made at run time"],
  [/\.html$/, /<style|\sstyle=|<script(?![^>]*\bsrc=)|\son\w+=/, "no inline style or script"],
  [/\.(tsx?|html|css)$/, /https?:\/\/(?!www\.w3\.org|127\.0\.0\.1|designsystemet\.no)/, "no outside address"],
  [
    /styles\/.*\.css$|src\/.*\.css$/,
    /(^|[\s;{-])(left|right)\s*:|-(left|right)(-[a-z]+)?\s*:/,
    "use logical properties (inline-start, inline-end)",
  ],
  [/src\/.*\.tsx?$/, /setTimeout\([^)]*\)\s*;?\s*\/\/\s*wait/, "wait for a signal"],
];

function* files(folder) {
  for (const name of readdirSync(folder)) {
    if (["node_modules", "dist", "test-results", "static"].includes(name)) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

let faults = 0;
for (const path of files(root)) {
  const name = relative(root, path);
  if (name.startsWith("scripts/") || name === "src/api/schema.d.ts") continue;
  const active = rules.filter(([which]) => which.test(name));
  const lines = active.length || /\.tsx?$/.test(name) ? readFileSync(path, "utf8").split("\n") : [];
  if (/^src\/.*\.tsx?$/.test(name) && lines.length > 401) {
    console.error(`${name}: ${lines.length} lines, at most 400`);
    faults++;
  }
  lines.forEach((line, index) => {
    for (const [, bad, instead] of active) {
      if (!bad.test(line)) continue;
      console.error(`${name}:${index + 1}: ${instead}`);
      faults++;
    }
  });
}
if (faults > 0) process.exit(1);
