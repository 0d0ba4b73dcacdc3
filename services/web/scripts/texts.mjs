// Every word a person reads stands in locales/, never in a component. Without arguments this finds the ones that do not,
// keys nobody uses, and texts the phone's report page needs but would not have. `npm run texts` moves them there.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const src = join(root, "src");
// The report page carries the first only; the office app adds the second.
const shared = join(root, "locales/sv.json");
const office = join(root, "locales/sv.office.json");

/** Words, as opposed to codes, class names, addresses and names of keys. */
export function reads(text) {
  if (/[åäöÅÄÖ]/.test(text)) return true;
  if (/^(Enter|Escape|Home|End|Control|Shift|Alt|Meta|Tab|Space|Accept|Backspace|Delete)$/.test(text))
    return false;
  return /(^|[\s(])[A-Z][a-z]+([\s.,?!:)]|$)/.test(text) || /[a-z]{2,}[,.:?!]? [a-z]{2,}/i.test(text);
}

const codeAttributes =
  /^(className|id|type|name|icon|tone|variant|to|href|path|rel|role|autoComplete|template|d|viewBox|points|key|keys|transform|list|kind|tabIndex|pattern|accept|textAnchor|form)$|^data-/;

function isCode(node) {
  const up = node.parent;
  if (ts.isLiteralTypeNode(up) || ts.isImportDeclaration(up) || ts.isExportDeclaration(up)) return true;
  if (ts.isPropertyAssignment(up) && up.name === node) return true;
  if (ts.isElementAccessExpression(up) || ts.isCaseClause(up) || ts.isEnumMember(up)) return true;
  if (ts.isBinaryExpression(up) && /^[!=]==?$/.test(up.operatorToken.getText())) return true;
  for (let at = up; at; at = at.parent) {
    if (ts.isJsxAttribute(at)) return codeAttributes.test(at.name.getText());
    if (ts.isNewExpression(at) || ts.isThrowStatement(at)) return true;
    if (ts.isCallExpression(at) && /^t$|^import$|\.replace(All)?$/.test(at.expression.getText())) return true;
    if (
      ts.isPropertyAssignment(at) &&
      /^(className|template|path|queryKey|keys|icon)$/.test(at.name.getText())
    )
      return true;
    if (ts.isFunctionLike(at) || ts.isBlock(at)) return false;
  }
  return false;
}

/** The text of JSX as React shows it: lines trimmed and joined, a blank at either end kept when it is on the line. */
function shownText(raw) {
  const lines = raw.split("\n");
  return lines
    .map((line, index) => {
      let one = line;
      if (index > 0) one = one.trimStart();
      if (index < lines.length - 1) one = one.trimEnd();
      return one;
    })
    .filter((line) => line !== "")
    .join(" ");
}

/** All words of one file, with where they stand and what would replace them. */
export function wordsOf(name, content) {
  const file = ts.createSourceFile(
    name,
    content,
    ts.ScriptTarget.Latest,
    true,
    name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found = [];
  const add = (node, text, params, put) =>
    found.push({ from: node.getStart(file), to: node.getEnd(), text, params, put });
  const inAttribute = (node) => ts.isJsxAttribute(node.parent);
  const visit = (node) => {
    if (ts.isJsxText(node)) {
      const text = shownText(node.text);
      if (/[a-zåäö]{2,}/i.test(text)) {
        const [, before, core, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
        const blank = (space) => (space ? '{" "}' : "");
        found.push({
          from: node.getFullStart(),
          to: node.getEnd(),
          text: core,
          params: [],
          put: (call) => `${blank(before)}{${call}}${blank(after)}`,
        });
      }
      return;
    }
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      if (reads(node.text) && !isCode(node))
        add(node, node.text, [], (call) => (inAttribute(node) ? `{${call}}` : call));
      return;
    }
    if (ts.isTemplateExpression(node) && !isCode(node)) {
      const parts = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
      if (parts.some(reads)) {
        const used = new Map();
        const params = node.templateSpans.map((span) => {
          const code = span.expression.getText(file);
          let param = /^[\w.?!]*?(\w+)$/.exec(code)?.[1] ?? "word";
          for (let n = 2; used.has(param) && used.get(param) !== code; n++)
            param = `${param.replace(/\d+$/, "")}${n}`;
          used.set(param, code);
          return param;
        });
        const text = parts[0] + params.map((param, index) => `{${param}}${parts[index + 1]}`).join("");
        add(node, text, [...used], (call) => call);
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Keys a file asks for, as far as they are written out. */
const keysOf = (content) => [...content.matchAll(/\bt\(\s*"([^"]+)"/g)].map((hit) => hit[1]);

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.tsx?$/.test(name) && !/\.test\.tsx?$|schema\.d\.ts$/.test(name)) yield path;
  }
}

/** The modules the report page loads. */
function reportModules() {
  const reached = new Set();
  const waiting = [join(src, "report/main.tsx")];
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const [, from] of readFileSync(path, "utf8").matchAll(
      /^(?:import|export)(?! type)[^;]*?from "(\.[^"]+)"/gms,
    )) {
      const base = join(dirname(path), from);
      const next = [`${base}.tsx`, `${base}.ts`, join(base, "index.ts")].find((one) => existsSync(one));
      if (next) waiting.push(next);
    }
  }
  return reached;
}

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

function area(path) {
  const parts = relative(src, path).split("/");
  return parts[0] === "features" ? parts[1] : parts[0];
}

function slug(text) {
  const plain = text
    .toLowerCase()
    .replace(/[åä]/g, "a")
    .replace(/ö/g, "o")
    .replace(/\{(\w+)\}/g, " ")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  return plain.split(" ").slice(0, 5).join("_") || "text";
}

/** Keys that no file mentions. Some are put together of a fixed beginning and a code: t(`role.${code}`). */
function unused(texts, every) {
  return Object.keys(texts).filter((key) => {
    const base = key.replace(/_(one|other)$/, "");
    return (
      !every.includes(`"${base}"`) &&
      !every.includes(`"${key}"`) &&
      !every.includes(`\`${key.split(".")[0]}.$\{`)
    );
  });
}

function move() {
  const texts = { [shared]: read(shared), [office]: read(office) };
  const reached = reportModules();
  const taken = (key) => [shared, office].some((one) => key in texts[one] || `${key}_other` in texts[one]);
  const keyFor = (path, text, target) => {
    const known = Object.entries(texts[shared]).find(
      ([key, value]) => value === text && key.startsWith("action."),
    );
    if (known) return known[0];
    const own = Object.entries(texts[target]).find(
      ([key, value]) => value === text && key.startsWith(`${area(path)}.`),
    );
    if (own) return own[0];
    const base = `${area(path)}.${slug(text)}`;
    let key = base;
    for (let n = 2; taken(key) || /_(one|other)$/.test(key); n++) key = `${base}_${n}`;
    texts[target][key] = text;
    return key;
  };
  for (const path of files(src)) {
    let content = readFileSync(path, "utf8");
    const found = wordsOf(path, content);
    if (found.length === 0) continue;
    const target = reached.has(path) ? shared : office;
    for (const word of [...found].reverse()) {
      const key = keyFor(path, word.text, target);
      const params = word.params
        .map(([name, code]) => (name === code ? name : `${name}: ${code}`))
        .join(", ");
      const call = params ? `t("${key}", { ${params} })` : `t("${key}")`;
      content = content.slice(0, word.from) + word.put(call) + content.slice(word.to);
    }
    if (!/import \{[^}]*\bt\b[^}]*\} from "[./]*i18n"/.test(content)) {
      const up = relative(dirname(path), join(src, "i18n"));
      const from = up.startsWith(".") ? up : `./${up}`;
      const had = /import \{([^}]*)\} from "[./]*i18n";/.exec(content);
      content = had
        ? content.replace(had[0], `import {${had[1].trimEnd().replace(/,$/, "")}, t } from "${from}";`)
        : content.replace(/^import /m, `import { t } from "${from}";\nimport `);
    }
    writeFileSync(path, content);
    console.log(`${relative(root, path)}: ${found.length} moved`);
  }
  const every = [...files(src)].map((path) => readFileSync(path, "utf8")).join("\n");
  for (const path of [shared, office]) for (const key of unused(texts[path], every)) delete texts[path][key];
  for (const path of [shared, office]) writeFileSync(path, `${JSON.stringify(texts[path], null, 2)}\n`);
}

function check() {
  const faults = [];
  const reached = reportModules();
  const onReport = read(shared);
  const all = { ...onReport, ...read(office) };
  const exists = (texts, key) => key in texts || `${key}_other` in texts;
  let every = "";
  for (const path of files(src)) {
    const name = relative(root, path);
    const content = readFileSync(path, "utf8");
    every += content;
    for (const word of wordsOf(path, content)) {
      const line = content.slice(0, word.from).split("\n").length;
      faults.push(
        `${name}:${line}: "${word.text.slice(0, 60)}" belongs in locales/ (npm run texts moves it there)`,
      );
    }
    if (!reached.has(path)) continue;
    for (const key of keysOf(content)) {
      if (exists(all, key) && !exists(onReport, key))
        faults.push(`${name}: the report page asks for ${key}, which stands in sv.office.json`);
    }
  }
  for (const key of unused(all, every)) faults.push(`locales: nobody uses ${key} (npm run texts removes it)`);
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--move")) move();
  else {
    const faults = check();
    for (const fault of faults) console.error(fault);
    if (faults.length > 0) process.exit(1);
  }
}
