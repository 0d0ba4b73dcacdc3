// Builds public/static/ds.css: the parts of Designsystemet we use, its light theme, then our own layer.
// The result is committed, so public pages need no npm; `node scripts/css.mjs --check` tells whether it is current.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "lightningcss";
import postcss from "postcss";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vendor = join(root, "node_modules/@digdir/designsystemet-css/dist");
const target = join(root, "public/static/ds.css");

const vendorParts = [
  "base",
  "button",
  "input",
  "field",
  "fieldset",
  "label",
  "validation-message",
  "error-summary",
  "alert",
];
const ownParts = ["tokens", "base", "layout", "forms", "parts", "print"];

const unusedTheme = /brand|secondary|color-scheme\.dark|prefers-color-scheme/;

function lightTheme() {
  const theme = postcss.parse(readFileSync(join(vendor, "theme/designsystemet.css"), "utf8"));
  theme.walkAtRules((rule) => {
    if (unusedTheme.test(rule.params)) rule.remove();
  });
  theme.walkRules((rule) => {
    if (unusedTheme.test(rule.selector)) rule.remove();
  });
  theme.walkDecls((decl) => {
    if (unusedTheme.test(decl.prop)) decl.remove();
  });
  return theme.toString();
}

// A theme defines several hundred variables; only those somebody reads are kept.
function dropUnreadVariables(css) {
  const sheet = postcss.parse(css);
  for (let removed = true; removed;) {
    removed = false;
    const read = new Set();
    sheet.walkDecls((decl) => {
      for (const hit of decl.value.matchAll(/var\(\s*(--[\w-]+)/g)) read.add(hit[1]);
    });
    sheet.walkDecls(/^--_?ds/, (decl) => {
      if (read.has(decl.prop)) return;
      decl.remove();
      removed = true;
    });
  }
  return sheet.toString();
}

function sheet() {
  const parts = vendorParts.map((name) => readFileSync(join(vendor, "src", `${name}.css`), "utf8"));
  const own = ownParts.map((name) => readFileSync(join(root, "styles", `${name}.css`), "utf8"));
  const all = `@layer ds, ly;\n${lightTheme()}\n@layer ds{${parts.join("\n")}}\n@layer ly{${own.join("\n")}}`;
  const { code } = transform({
    filename: "ds.css",
    code: Buffer.from(dropUnreadVariables(all)),
    minify: true,
    targets: { chrome: 111 << 16, firefox: 113 << 16, safari: (16 << 16) | (4 << 8) },
  });
  const banner =
    "/* Built by scripts/css.mjs. Contains parts of Designsystemet (https://designsystemet.no), MIT License, Copyright Digitaliseringsdirektoratet. */\n";
  return banner + code.toString() + "\n";
}

const built = sheet();
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== built) {
    console.error("public/static/ds.css is not current. Run: npm run css");
    process.exit(1);
  }
} else {
  writeFileSync(target, built);
  console.log(`ds.css ${(built.length / 1024).toFixed(1)} kB`);
}
