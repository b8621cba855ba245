// The report's script: a list of cases that stays light whatever its length, and one case beside it.
//
//   listing (columns)  ->  search, filters, sort  ->  rows on screen
//   chunk (packed)     ->  details of a case      ->  fields side by side, reasons, weights
//
// Whatever comes from a record is set as text, never as markup.
"use strict";

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("listing").textContent);
const { records, pairs, works } = data;
const ROW_HEIGHT = 56; // as in the style sheet
const ROWS_BEYOND = 8; // drawn above and below what is seen
const PRINTED = 200; // rows on paper
const MOST_DIFFED = 700; // characters; longer texts are compared word by word

// --- making elements -------------------------------------------------------------------

// Signs that could turn text around or hide in it are written out.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function element(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") made.className = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((one) => one !== null && one !== undefined));
  return made;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Text of a record, isolated from the direction of what stands around it.
function said(text, tag = "bdi", options = {}) {
  const made = element(tag, { dir: "auto", ...options });
  let at = 0;
  for (const match of String(text).matchAll(CONTROLS)) {
    made.append(text.slice(at, match.index), control(match[0]));
    at = match.index + match[0].length;
  }
  made.append(String(text).slice(at));
  return made;
}

function control(sign) {
  const code = sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return element("span", { class: "control" }, `[U+${code}]`);
}

function link(address) {
  if (!/^https?:\/\//i.test(address)) return said(address);
  try {
    const href = new URL(address).href;
    return said(address, "a", { href, rel: "noopener noreferrer nofollow", target: "_blank" });
  } catch {
    return said(address);
  }
}

const percent = (probability) => {
  const shown = (100 * probability).toFixed(probability > 0.999 || probability < 0.001 ? 2 : 1);
  return `${shown} %`;
};

// --- details, unpacked when they are first looked at -----------------------------------

const unpacked = new Map();

async function chunk(name) {
  if (!unpacked.has(name)) {
    const bytes = Uint8Array.from(atob($(name).textContent), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    unpacked.set(name, new Response(stream).json());
  }
  return unpacked.get(name);
}

async function details(kind, number) {
  const size = data.chunks[kind];
  return (await chunk(`${kind}-${Math.floor(number / size)}`))[number % size];
}

// --- search, filters, sort -------------------------------------------------------------

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const haystacks = []; // of each record, made when it is first searched

function haystack(number) {
  if (haystacks[number] === undefined) {
    const columns = [records.title, records.by, records.more, records.name, records.year];
    const parts = columns.map((column) => column[number]);
    haystacks[number] = folded(parts.join(" "));
  }
  return haystacks[number];
}

const state = { view: "pairs", rows: [], at: 0 };
const workOf = works.groups.map((groups) => groups.flat());

function wanted() {
  const words = folded($("search").value).split(/\s+/).filter(Boolean);
  const [verdict, source, kind] = ["verdict", "source", "kind"].map((id) => $(id).value);
  const finds = (members) => words.every((word) => members.some((one) => haystack(one).includes(word)));
  const from = (members) => source === "" || members.some((one) => records.source[one] === Number(source));
  if (state.view === "works") {
    return workOf.map((_, at) => at).filter((at) => from(workOf[at]) && finds(workOf[at]));
  }
  const found = [];
  for (let at = 0; at < pairs.left.length; at += 1) {
    if (verdict !== "" && pairs.verdict[at] !== Number(verdict)) continue;
    if (kind !== "" && pairs.kind[at] !== Number(kind)) continue;
    const members = [pairs.left[at], pairs.right[at]];
    if (from(members) && finds(members)) found.push(at);
  }
  return found;
}

const byTitle = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
const titleOf = (at) => records.title[state.view === "works" ? workOf[at][0] : pairs.left[at]];

function sorted(rows) {
  const by = $("sort").value;
  if (by === "title") return rows.sort((a, b) => byTitle.compare(titleOf(a), titleOf(b)));
  if (state.view === "works") return rows.sort((a, b) => workOf[b].length - workOf[a].length || a - b);
  if (by === "sure") return rows.sort((a, b) => pairs.probability[b] - pairs.probability[a] || a - b);
  if (by === "unsure") {
    const doubt = (at) => Math.abs(pairs.probability[at] - 0.5);
    return rows.sort((a, b) => doubt(a) - doubt(b) || a - b);
  }
  return rows; // as they come: to check first
}

function refresh() {
  state.view = $("view").value;
  for (const id of ["verdict", "kind"]) $(id).disabled = state.view === "works";
  state.rows = sorted(wanted());
  state.at = 0;
  const all = state.view === "works" ? workOf.length : pairs.left.length;
  const beyond = data.unlisted && state.view === "pairs" ? `; ${data.unlisted} more in pairs.jsonl` : "";
  $("shown").textContent = `${state.rows.length.toLocaleString("en")} of ${all.toLocaleString("en")} ${state.view}${beyond}`;
  spacer.style.height = `${state.rows.length * ROW_HEIGHT}px`;
  list.scrollTop = 0;
  drawn.clear();
  spacer.replaceChildren();
  draw();
  open(false);
}

// --- the list: only the rows on screen exist -------------------------------------------

const list = $("list");
const spacer = element("div", { class: "spacer", role: "presentation" });
list.append(spacer);
const drawn = new Map(); // position -> element

function draw() {
  const first = Math.max(0, Math.floor(list.scrollTop / ROW_HEIGHT) - ROWS_BEYOND);
  const last = Math.min(state.rows.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_HEIGHT) + ROWS_BEYOND);
  for (const [position, row] of drawn) {
    if (position < first || position >= last) {
      row.remove();
      drawn.delete(position);
    }
  }
  for (let position = first; position < last; position += 1) {
    if (!drawn.has(position)) {
      const row = rowAt(position);
      drawn.set(position, row);
      spacer.append(row);
    }
  }
}

function rowAt(position) {
  const at = state.rows[position];
  const row = element("div", {
    class: "row", role: "option", id: `row-${position}`,
    "aria-selected": position === state.at, "aria-setsize": state.rows.length, "aria-posinset": position + 1,
  }, ...(state.view === "works" ? workRow(at) : pairRow(at)));
  row.style.top = `${position * ROW_HEIGHT}px`;
  return row;
}

/** "version: preprint"; with a question mark where a person has yet to say that it is one work. */
function saying(verdict, kind) {
  return kind ? `${verdict}: ${kind}${verdict === "review" ? "?" : ""}` : verdict;
}

function pairRow(at) {
  const [left, right] = [pairs.left[at], pairs.right[at]];
  const verdict = pairs.verdicts[pairs.verdict[at]];
  const kind = pairs.kinds[pairs.kind[at]];
  const sources = [...new Set([left, right].map((one) => records.sources[records.source[one]]))].join(" / ");
  return [
    element("div", { class: "line" },
      element("span", { class: `badge ${verdict}` }, saying(verdict, kind)),
      said(records.title[left] || records.title[right] || "(no title)", "span", { class: "title" }),
      element("span", { class: "number" }, percent(pairs.probability[at]))),
    element("div", { class: "line" },
      said(records.by[left] || records.by[right], "span", { class: "about" }),
      element("span", { class: "number" }, yearsOf([left, right])),
      said(sources, "span", { class: "about from" })),
  ];
}

function workRow(at) {
  const members = workOf[at];
  const versions = works.groups[at].length;
  const sources = [...new Set(members.map((one) => records.sources[records.source[one]]))];
  return [
    element("div", { class: "line" },
      element("span", { class: "badge work" }, `${members.length} records`),
      said(records.title[members[0]] || "(no title)", "span", { class: "title" }),
      element("span", { class: "number" }, versions > 1 ? `${versions} versions` : "")),
    element("div", { class: "line" },
      said(records.by[members[0]], "span", { class: "about" }),
      element("span", { class: "number" }, yearsOf(members)),
      said(sources.join(", "), "span", { class: "about from" })),
  ];
}

function yearsOf(members) {
  return [...new Set(members.map((one) => records.year[one]).filter(Boolean))].sort().join("–");
}

function select(position, { scroll = true } = {}) {
  if (!state.rows.length) return;
  const next = Math.max(0, Math.min(state.rows.length - 1, position));
  drawn.get(state.at)?.setAttribute("aria-selected", "false");
  state.at = next;
  if (scroll) {
    const top = next * ROW_HEIGHT;
    if (top < list.scrollTop) list.scrollTop = top;
    const bottom = top + ROW_HEIGHT - list.clientHeight;
    if (bottom > list.scrollTop) list.scrollTop = bottom;
  }
  draw();
  drawn.get(next)?.setAttribute("aria-selected", "true");
  list.setAttribute("aria-activedescendant", `row-${next}`);
  open(false);
}

// --- one case --------------------------------------------------------------------------

const article = $("case");
let asked = 0; // of several cases asked for quickly, only the last is shown

async function open(focus) {
  asked += 1;
  const mine = asked;
  if (!state.rows.length) {
    article.replaceChildren(element("p", { class: "quiet" }, "No case is like that; loosen the filters."));
    list.removeAttribute("aria-activedescendant");
    return;
  }
  list.setAttribute("aria-activedescendant", `row-${state.at}`);
  const at = state.rows[state.at];
  const shown = state.view === "works" ? await workCase(at) : await pairCase(at);
  if (mine !== asked) return;
  article.replaceChildren(...shown);
  article.scrollTop = 0;
  if (focus) article.focus();
}

async function pairCase(at) {
  const [left, right] = [pairs.left[at], pairs.right[at]];
  const [pair, ours, theirs] = await Promise.all([
    details("pairs", at), details("records", left), details("records", right),
  ]);
  const verdict = pairs.verdicts[pairs.verdict[at]];
  const kind = pairs.kinds[pairs.kind[at]];
  return [
    said(records.title[left] || records.title[right] || "(no title)", "h3"),
    element("p", { class: "verdict" },
      element("span", { class: `badge ${verdict}` }, saying(verdict, kind)),
      element("b", {}, percent(pairs.probability[at])), " that both describe one work"),
    chips("found by", pair.found_by),
    pair.guards.length ? chips("barred by", pair.guards, "guard") : null,
    element("h4", {}, "Reasons"),
    element("ul", { class: "reasons" }, ...pair.reasons.map((reason) => said(reason, "li"))),
    element("h4", {}, "Side by side"),
    beside([left, ours], [right, theirs]),
    element("h4", {}, "What each comparison weighs"),
    waterfall(pair, pairs.probability[at]),
    element("p", { class: "quiet" }, "The same in a terminal: ",
      said(`samework explain ${quoted(records.name[left])} ${quoted(records.name[right])} --index OUT/index`, "span", { class: "command" })),
  ].filter(Boolean);
}

const quoted = (name) => (/^[\w:./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

function chips(name, values, style = "") {
  const made = values.map((value) => element("span", { class: `chip ${style}` }, value));
  return element("p", { class: "verdict" }, element("span", { class: "quiet" }, name), ...made);
}

const NUMBERS = new Set(["date", "volume", "issue", "pages"]); // a digit of them means nothing
const FIELDS = ["title", "authors", "date", "container", "volume", "issue", "pages", "type", "identifiers", "urls", "abstract"];

function beside([left, ours], [right, theirs]) {
  const head = [left, right].map((number) =>
    element("th", { scope: "col" },
      said(records.sources[records.source[number]], "span", { class: "chip" }), " ", said(records.name[number])));
  const rows = FIELDS.filter((name) => ours[name] || theirs[name]).map((name) => fieldRow(name, ours, theirs));
  return element("table", { class: "beside" },
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "field"), ...head)),
    element("tbody", {}, ...rows));
}

function fieldRow(name, ours, theirs) {
  const [mine, yours] = shownValues(name, ours[name], theirs[name]);
  const raws = [ours, theirs].map((one) => raw(one.raw[name]));
  const equal = JSON.stringify(ours[name]) === JSON.stringify(theirs[name]);
  return element("tr", {},
    element("th", { scope: "row" }, name, equal ? element("span", { class: "same" }, " same") : null),
    element("td", {}, mine, more(name, ours), raws[0]),
    element("td", {}, yours, more(name, theirs), raws[1]));
}

function more(name, one) {
  return name === "authors" && one.more_authors ? element("p", { class: "quiet" }, `and ${one.more_authors} more`) : null;
}

function shownValues(name, mine, yours) {
  const nothing = () => element("span", { class: "only" }, "–");
  if (name === "identifiers" || name === "urls") {
    return [listed(name, mine, yours), listed(name, yours, mine)].map((one) => one || nothing());
  }
  if (name === "authors") return aligned(mine || [], yours || []).map((one) => one || nothing());
  if (!mine || !yours) return [mine, yours].map((one) => (one ? said(one) : nothing()));
  const [ours, theirs] = difference(mine, yours, NUMBERS.has(name) ? /(?<=\W)|(?=\W)/ : null);
  return [marked(ours), marked(theirs)];
}

function listed(name, mine, yours) {
  if (!mine) return null;
  const bare = (value) => value.replace(/ \((issued|asserted|mined)\)$/, "");
  const others = new Set((yours || []).map(bare));
  const items = mine.map((value) => {
    const item = element("li", {}, name === "urls" ? link(value) : said(value));
    if (others.has(bare(value))) item.firstChild.classList.add("shared");
    return item;
  });
  return element("ul", {}, ...items);
}

function raw(value) {
  if (value === undefined) return null;
  const lines = Array.isArray(value) ? value : [value];
  return element("details", { class: "raw" },
    element("summary", {}, "as harvested"),
    element("div", {}, ...lines.map((line) => said(line, "div"))));
}

// --- differences -----------------------------------------------------------------------

// Names beside the names that are most like them; what is left stands at the end.
function aligned(mine, yours) {
  const surname = (name) => folded(name).split(/[\s,]+/);
  const free = new Set(yours.keys());
  const partner = mine.map((name) => {
    const parts = new Set(surname(name));
    let best = -1;
    let most = 0;
    for (const at of free) {
      const shared = surname(yours[at]).filter((part) => part.length > 1 && parts.has(part)).length;
      if (shared > most) [best, most] = [at, shared];
    }
    if (best >= 0) free.delete(best);
    return best;
  });
  const left = [];
  const right = [];
  mine.forEach((name, at) => {
    const other = partner[at] >= 0 ? yours[partner[at]] : null;
    const parts = other === null ? null : difference(name, other);
    left.push(element("li", {}, parts ? marked(parts[0]) : said(name, "mark")));
    if (parts) right.push([partner[at], element("li", {}, marked(parts[1]))]);
  });
  for (const at of free) right.push([at, element("li", {}, said(yours[at], "mark"))]);
  right.sort((a, b) => a[0] - b[0]);
  return [left, right.map((one) => one[1])].map((items) => (items.length ? element("ul", {}, ...items) : null));
}

// Two texts as runs of [text, differs], by their longest common subsequence.
function difference(left, right, between = null) {
  if (left === right) return [[[left, false]], [[right, false]]];
  const long = Math.max(left.length, right.length) > MOST_DIFFED;
  const border = between || (long ? /(?<=\s)/ : null);
  const cut = (text) => (border ? text.split(border) : [...text]);
  const [ours, theirs] = [cut(left), cut(right)];
  const lengths = commonLengths(ours, theirs);
  const [mine, yours] = [[], []];
  let [i, j] = [0, 0];
  while (i < ours.length && j < theirs.length) {
    if (ours[i] === theirs[j]) {
      add(mine, ours[i++], false);
      add(yours, theirs[j++], false);
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) add(mine, ours[i++], true);
    else add(yours, theirs[j++], true);
  }
  while (i < ours.length) add(mine, ours[i++], true);
  while (j < theirs.length) add(yours, theirs[j++], true);
  return [mine, yours];
}

function commonLengths(ours, theirs) {
  const table = Array.from({ length: ours.length + 1 }, () => new Uint16Array(theirs.length + 1));
  for (let i = ours.length - 1; i >= 0; i -= 1) {
    for (let j = theirs.length - 1; j >= 0; j -= 1) {
      table[i][j] = ours[i] === theirs[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

function add(runs, text, differs) {
  const last = runs[runs.length - 1];
  if (last && last[1] === differs) last[0] += text;
  else runs.push([text, differs]);
}

function marked(runs) {
  const made = element("bdi", { dir: "auto" });
  made.append(...runs.map(([text, differs]) => said(text, differs ? "mark" : "span")));
  return made;
}

// --- the waterfall ---------------------------------------------------------------------

function waterfall(pair, probability) {
  const steps = [["prior", "", data.weights.prior]];
  for (const [name, level] of Object.entries(pair.levels)) {
    const bits = data.weights.levels[name]?.[level] ?? 0;
    if (bits) steps.push([name, level, bits]);
  }
  // A guard that keeps apart leaves hardly a probability, whatever the comparisons say.
  const weighed = steps.reduce((sum, [, , bits]) => sum + bits, 0);
  const taken = Math.log2(probability / (1 - probability)) - weighed;
  if (pair.guards.length && taken < -0.05) steps.push(["guard", "", taken]);
  const sums = [0];
  for (const [, , bits] of steps) sums.push(sums[sums.length - 1] + bits);
  const thresholds = [data.thresholds.review, data.thresholds.merge].map((p) => Math.log2(p / (1 - p)));
  const [low, high] = [Math.min(...sums, ...thresholds) - 0.5, Math.max(...sums, ...thresholds) + 0.5];
  const scale = (bits) => (1000 * (bits - low)) / (high - low);
  const rows = steps.map(([name, level, bits], at) =>
    weightRow(name, level, bits, bar(sums[at], sums[at + 1], scale, thresholds, bits < 0 ? "against" : "for")));
  const total = sums[sums.length - 1];
  const last = weightRow("sum", `probability ${percent(probability)}`, total, bar(0, total, scale, thresholds, "sum"));
  last.className = "total";
  return element("table", { class: "weights" },
    element("thead", {}, element("tr", {}, ...["comparison", "level", "bits", "from 0; dotted: thresholds"].map((name) =>
      element("th", { scope: "col", class: "quiet" }, name)))),
    element("tbody", {}, ...rows, last));
}

function weightRow(name, level, bits, picture) {
  const title = data.claims[name] || "";
  return element("tr", {},
    element("th", { scope: "row", title }, name),
    element("td", { class: "level" }, level.replaceAll("_", " ")),
    element("td", { class: "bits" }, (bits > 0 ? "+" : "") + bits.toFixed(2)),
    element("td", {}, picture));
}

function bar(from, to, scale, thresholds, style) {
  const upright = (bits, name) => svg("line", { class: name, x1: scale(bits), x2: scale(bits), y1: 0, y2: 18, "vector-effect": "non-scaling-stroke" });
  const [x, end] = [scale(from), scale(to)].sort((a, b) => a - b);
  return svg("svg", { viewBox: "0 0 1000 18", preserveAspectRatio: "none", "aria-hidden": "true" },
    upright(0, "zero"), ...thresholds.map((bits) => upright(bits, "threshold")),
    svg("rect", { class: style, x, y: 3, width: Math.max(2, end - x), height: 12 }));
}

// --- a work ----------------------------------------------------------------------------

async function workCase(at) {
  const merged = await details("works", at);
  const groups = await Promise.all(works.groups[at].map(async (members, number) => {
    const shown = await Promise.all(members.map(member));
    const name = works.groups[at].length > 1 ? `version ${number + 1}` : "one version";
    return element("div", { class: "group" }, element("b", {}, `${name}, ${members.length} records`), ...shown);
  }));
  return [
    said(merged.title || "(no title)", "h3"),
    element("p", { class: "verdict" }, element("span", { class: "chip" }, works.id[at])),
    element("h4", {}, "Merged"),
    mergedTable(merged),
    element("h4", {}, "Records"),
    ...groups,
  ];
}

function mergedTable(merged) {
  const rows = Object.entries(merged).filter(([name, value]) => name !== "origin" && value && value.length !== 0);
  return element("table", { class: "beside" },
    element("thead", {}, element("tr", {}, ...["field", "value", "from"].map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows.map(([name, value]) => {
      const origin = merged.origin[name];
      const from = Array.isArray(origin) ? [...new Set(origin)].join(", ") : origin || "";
      return element("tr", {}, element("th", { scope: "row" }, name.replaceAll("_", " ")),
        element("td", {}, mergedValue(name, value)), element("td", { class: "quiet" }, said(from)));
    })));
}

function mergedValue(name, value) {
  if (!Array.isArray(value)) return said(value);
  const text = (one) => {
    if (Array.isArray(one)) return one.join(":");
    if (typeof one !== "object") return one;
    return one.family === undefined ? Object.values(one).join(" ") : [one.family, one.given].filter(Boolean).join(", ");
  };
  const shown = value.slice(0, 40).map((one) => element("li", {}, name === "urls" ? link(one) : said(text(one))));
  return element("ul", {}, ...shown);
}

async function member(number) {
  const one = await details("records", number);
  const facts = [one.date, one.container, one.volume, one.pages].filter(Boolean).join(" · ");
  return element("div", { class: "member" },
    said(records.sources[records.source[number]], "span", { class: "chip" }), " ", said(records.name[number]),
    element("div", {}, said(one.title || "(no title)")),
    element("div", { class: "quiet" }, said((one.authors || []).join("; "))),
    element("div", { class: "quiet" }, said(facts)),
    element("div", { class: "quiet" }, said((one.identifiers || []).join(", "))));
}

// --- what people do --------------------------------------------------------------------

function options(id, names, all) {
  const made = names.map((name, at) => [name, at]).filter(([name]) => name !== "").sort((a, b) => byTitle.compare(a[0], b[0]));
  $(id).append(element("option", { value: "" }, all), ...made.map(([name, at]) => said(name, "option", { value: at })));
}

const MOVES = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

list.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in MOVES) select(state.at + MOVES[event.key]);
  else if (event.key === "Enter") open(true);
  else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => {
  const row = event.target.closest(".row");
  if (row) select(Number(row.id.slice("row-".length)), { scroll: false });
});
list.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
new ResizeObserver(() => draw()).observe(list);
article.addEventListener("keydown", (event) => {
  if (event.key === "Escape") list.focus();
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing) {
    event.preventDefault();
    $("search").focus();
  }
});
$("filters").addEventListener("submit", (event) => event.preventDefault());
let waiting = 0;
$("search").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 120);
});
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === "ArrowDown") list.focus();
});
for (const id of ["view", "verdict", "source", "kind", "sort"]) $(id).addEventListener("change", refresh);
window.addEventListener("beforeprint", () => {
  const rows = state.rows.slice(0, PRINTED).map((at) => element("p", {}, ...(state.view === "works" ? workRow(at) : pairRow(at))));
  const left = state.rows.length - rows.length;
  $("printed").replaceChildren(element("h2", {}, "The list"), ...rows, element("p", {}, left > 0 ? `and ${left} more` : ""));
});

options("verdict", pairs.verdicts, "all");
options("source", records.sources, "all");
options("kind", pairs.kinds, "all");
refresh();
