// Reads what documents claim and what sources hold, from texts alone, so that documents.test.ts can compare them and can show
// each comparison a planted lie.
import ts from 'typescript';

/** Cells of the rows of every Markdown table whose header row `wanted` accepts; cells are trimmed. */
export function tableRows(
  markdown: string,
  wanted: (header: readonly string[]) => boolean,
): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  let inside = false;
  let line = 0;
  const lines = markdown.split('\n');
  for (const text of lines) {
    line += 1;
    if (!text.startsWith('|')) {
      inside = false;
      continue;
    }
    const cells = text
      .slice(1, text.lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (/^\|[\s:|-]+\|$/.test(lines[line] ?? '')) inside = wanted(cells);
    else if (inside && !/^[\s:|-]+$/.test(text)) rows.push(cells);
  }
  return rows;
}

/** The texts in backticks. */
export const codeSpans = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

/** Comments run over several lines; a reference may be broken between two. */
const unbroken = (text: string): string => text.replace(/\n\s*(?:\*(?!\/)|\/\/|--|#)?\s*/g, ' ');

/** Sections that a text cites as `SPEC 6.5`, `SPEC 4.1–4.3`, `SPEC 2.3, 3.3`. */
export function citedSections(text: string): readonly string[] {
  const found = unbroken(text).matchAll(
    /\bSPEC (\d+(?:\.\d+)?(?:(?:, | and | or | to |–|, and )\d+\.\d+)*)/g,
  );
  return [...found].flatMap((match) => (match[1] ?? '').match(/\d+(?:\.\d+)?/g) ?? []);
}

/** Sections that a page of the specification defines: `# 6 Ballot`, `**6.5 Acceptance.** …`. */
export const definedSections = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^(?:# |\*\*)(\d+(?:\.\d+)?)(?=[\s*])/gm)].map((match) => match[1] ?? '');

/** Numbers in a text such as `§278 and §1259` or `§271–273`, ranges in full. */
function expand(text: string): readonly number[] {
  return [...text.matchAll(/(\d+)(?:[–-](\d+))?/g)].flatMap(([, first = '', last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  );
}

/** Articles of the Civil Code that a text cites, in English or in Chinese. */
export function citedArticles(text: string): readonly number[] {
  const plain = unbroken(text);
  const english = plain.matchAll(
    /Civil Code (?:arts?\. ?)?(§{0,2}\d+(?:[–-]\d+)?(?:(?:, | and |, and )§\d+(?:[–-]\d+)?)*)/g,
  );
  const chinese = plain.matchAll(/《民法典》((?:第\d+[条款项]|、|和)+)/g);
  return [
    ...[...english].flatMap((match) => expand(match[1] ?? '')),
    ...[...chinese].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/第(\d+)条/g)].map((article) => Number(article[1])),
    ),
  ];
}

/** Lower-case words of a name: `voteRecords` and `vote_records` are both vote, record. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => (word.length > 3 ? word.replace(/s$/, '') : word));

/** The banned terms that stand in a name as whole words. */
export function bannedIn(name: string, terms: readonly string[]): readonly string[] {
  const words = ` ${wordsOf(name).join(' ')} `;
  return terms.filter((term) => words.includes(` ${wordsOf(term).join(' ')} `));
}

/** Every identifier of a TypeScript source. */
export function identifiersOf(path: string, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false));
  return names;
}

/** Every identifier of an SQL text. */
export const sqlIdentifiersOf = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .replace(/--.*$/gm, '')
      .replace(/'(?:[^']|'')*'/g, '')
      .match(/[a-z_][a-z0-9_]*/gi) ?? [],
  );

/** Relative targets of the links of a Markdown text, without their fragments. */
export const relativeLinks = (markdown: string): readonly string[] =>
  [...markdown.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

/** A record or a log kind as its source declares it; `members` is undefined where it is no single closed object. */
export type Declared = { readonly name: string; readonly members: readonly string[] | undefined };

const isCallOf = (node: ts.Node, name: string): node is ts.CallExpression =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name;

function initializerOf(source: ts.SourceFile, name: string): ts.Expression | undefined {
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const declaration of statement.declarationList.declarations) {
      if (ts.isIdentifier(declaration.name) && declaration.name.text === name) return declaration.initializer;
    }
  }
  return undefined;
}

function objectMembers(source: ts.SourceFile, object: ts.ObjectLiteralExpression): readonly string[] {
  return object.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property) && ts.isIdentifier(property.expression)) {
      const spread = initializerOf(source, property.expression.text);
      return spread !== undefined && ts.isObjectLiteralExpression(spread)
        ? objectMembers(source, spread)
        : ['?'];
    }
    const { name } = property;
    return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : ['?'];
  });
}

function membersOf(source: ts.SourceFile, shape: ts.Expression | undefined): readonly string[] | undefined {
  if (shape === undefined) return undefined;
  if (ts.isIdentifier(shape)) return membersOf(source, initializerOf(source, shape.text));
  const [object] = isCallOf(shape, 'closed') ? shape.arguments : [];
  return object !== undefined && ts.isObjectLiteralExpression(object)
    ? objectMembers(source, object)
    : undefined;
}

/** The records that a source declares by `recordForm(shape, 'name')`. */
export function declaredRecords(path: string, text: string): readonly Declared[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false);
  const found: Declared[] = [];
  const visit = (node: ts.Node): void => {
    const [shape, name] = isCallOf(node, 'recordForm') ? node.arguments : [];
    if (name !== undefined && ts.isStringLiteral(name)) {
      found.push({ name: name.text, members: membersOf(source, shape) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The log kinds of `const shapes = { 'kind': closed({…}) }`. */
export function declaredKinds(path: string, text: string, shapes = 'shapes'): readonly Declared[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false);
  const value = initializerOf(source, shapes);
  const object = value !== undefined && ts.isAsExpression(value) ? value.expression : value;
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return [];
  return object.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) && ts.isStringLiteral(property.name)
      ? [{ name: property.name.text, members: membersOf(source, property.initializer) }]
      : [],
  );
}
