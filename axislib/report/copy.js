"use strict";
/* The reader's own copy of the article: its sentences are found by hash, as axislib/text does, in this browser alone. */
const axislibCopy = (() => {
  const known = window.AXISLIB || { hashes: [], sentences: {}, seed: "" };
  const KEY = `axislib-copy-${known.seed}`;
  const MOST = 300000; // signs: no article is longer

  /* ---- SHA-256 (FIPS 180-4): the browser's own is missing on pages opened from disk ---- */

  const ROOTS = []; // of the first 64 primes: the fractions of their cube roots, then of the square roots of eight
  const STATE = [];
  for (let n = 2; ROOTS.length < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) prime = prime && n % d > 0;
    if (prime && STATE.length < 8) STATE.push((n ** (1 / 2) * 2 ** 32) | 0);
    if (prime) ROOTS.push((n ** (1 / 3) * 2 ** 32) | 0);
  }
  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  function sha256(words) {
    const bytes = new TextEncoder().encode(words);
    const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
    blocks.set(bytes);
    blocks[bytes.length] = 0x80;
    const view = new DataView(blocks.buffer);
    view.setUint32(blocks.length - 4, bytes.length * 8);
    const state = [...STATE];
    const w = new Int32Array(64);
    for (let at = 0; at < blocks.length; at += 64) {
      for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(at + 4 * i);
      for (let i = 16; i < 64; i += 1) {
        const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i += 1) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROOTS[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
    }
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /* ---- words as axislib/text/receipt.py has them: NFKC, straight quotes, single spaces, nothing invisible ---- */

  const BLANKS = /[\s\x1c-\x1f\x85]+/u;
  const straight = (text) => text.replace(/[\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f\u2033]/g, '"').replace(/[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g, "");
  const normalise = (text) => straight(text).normalize("NFKC").split(BLANKS).filter(Boolean).join(" ");

  const cut = (text, from, to) => text.slice(from, to).join("");

  function kind(sign) { // 0 a blank, 1 another sign, 2 a letter or digit, 3 a capital
    if (sign === undefined || sign === " ") return 0;
    if (!/[\p{L}\p{N}]/u.test(sign)) return 1;
    return /\p{Lu}/u.test(sign) ? 3 : 2;
  }

  /* Where a sentence might begin, and where it might end. */
  function edges(text) {
    const starts = [];
    const ends = new Set();
    for (let at = 0; at <= text.length; at += 1) {
      const [left, right] = [kind(text[at - 1]), kind(text[at])];
      if (!(left < 2 || right < 2 || (left === 2 && right === 3))) continue;
      if (right) starts.push(at);
      if (left) ends.add(at);
    }
    return { starts, ends };
  }

  /* Longer hits first: a sentence within a sentence is not itself. */
  function claim(hits) {
    const kept = [];
    for (const hit of [...hits].sort((a, b) => (b.end - b.start) - (a.end - a.start) || a.start - b.start)) {
      if (kept.every((other) => other.end <= hit.start || hit.end <= other.start)) kept.push(hit);
    }
    return kept.sort((a, b) => a.start - b.start);
  }

  /* The dashes and hyphens between two places, and how each may be spelled. */
  function sitesIn(text, low, high) {
    const site = /(?<hyphen>(?<=[\p{L}\p{N}_])(?:[-\u2010] |\u2010)(?=[\p{L}\p{N}_]))| - | ?(?:--+|[\u2013\u2014]) ?/gu;
    const dashes = [" \u2013 ", " \u2014 ", " - ", "\u2013", "\u2014", "--"];
    return [...cut(text, low, high).matchAll(site)].map((found) => ({ start: low + found.index, end: low + found.index + found[0].length,
      spelled: [found[0], ...(found.groups.hyphen ? ["-", ""] : dashes)] }));
  }

  /* Every reading of so many signs from a place on; also with a bullet that a list has eaten. */
  function* readings(text, start, size, sites) {
    const first = sites.findIndex((site) => site.start >= start);
    const todo = [[start, first < 0 ? sites.length : first, ""], [start, first < 0 ? sites.length : first, "-"]];
    for (let tries = 0; todo.length && tries < 2000; tries += 1) {
      const [at, next, said] = todo.pop();
      const stop = next < sites.length ? sites[next].start : text.length;
      const end = at + size - said.length;
      if (at < end && end <= stop) yield [end, said + cut(text, at, end)];
      else if (end > stop && next < sites.length) {
        for (const sign of sites[next].spelled) todo.push([sites[next].end, next + 1, said + cut(text, at, stop) + sign]);
      }
    }
  }

  /* Which sentence is which hit: a longest common subsequence, then equal ones that are left, out of order. */
  function assign(wanted, hits) {
    const best = Array.from({ length: wanted.length + 1 }, () => new Array(hits.length + 1).fill(0));
    for (let i = 1; i <= wanted.length; i += 1) {
      for (let j = 1; j <= hits.length; j += 1) {
        best[i][j] = wanted[i - 1].sha === hits[j - 1].sha ? best[i - 1][j - 1] + 1 : Math.max(best[i - 1][j], best[i][j - 1]);
      }
    }
    const own = new Map();
    for (let i = wanted.length, j = hits.length; i && j;) {
      if (best[i][j] === best[i - 1][j]) i -= 1;
      else if (best[i][j] === best[i][j - 1]) j -= 1;
      else own.set((i -= 1), hits[(j -= 1)]);
    }
    const free = hits.filter((hit) => ![...own.values()].includes(hit));
    const moved = new Map();
    wanted.forEach(({ sha }, i) => {
      const at = free.findIndex((hit) => hit.sha === sha);
      if (!own.has(i) && at >= 0) moved.set(i, free.splice(at, 1)[0]);
    });
    return { own, moved };
  }

  /* Locator -> words, for every sentence that is found in a text. */
  function find(raw, hashes = known.hashes) {
    const wanted = hashes.map(([locator, size, sha]) => ({ locator, size: Number(size), sha }));
    const text = Array.from(normalise(raw.replace(/\u00ad+(?=\s|$)/g, "-"))); // code points, as Python counts
    const { starts, ends } = edges(text);
    const sizes = new Map();
    wanted.forEach(({ size, sha }) => sizes.set(size, (sizes.get(size) || new Set()).add(sha)));
    let hits = [];
    for (const start of starts) {
      for (const [size, shas] of sizes) {
        if (!ends.has(start + size)) continue;
        const words = cut(text, start, start + size);
        const sha = sha256(words);
        if (shas.has(sha)) hits.push({ start, end: start + size, sha, words });
      }
    }
    hits = claim(hits);
    let { own, moved } = assign(wanted, hits);
    if (own.size) {
      hits = claim([...hits, ...otherSpellings(text, wanted, own, moved, starts, ends)]);
      ({ own, moved } = assign(wanted, hits));
    }
    return Object.fromEntries([...own, ...moved].map(([i, hit]) => [wanted[i].locator, hit.words]));
  }

  /* What is missing, looked for between its neighbours with dashes, hyphens or a bullet spelled in another way. */
  function otherSpellings(text, wanted, own, moved, starts, ends) {
    const found = [];
    wanted.forEach((one, i) => {
      if (own.has(i) || moved.has(i)) return;
      const placed = [...own.keys()];
      const low = Math.max(0, ...placed.filter((k) => k < i).map((k) => own.get(k).end));
      const high = Math.min(text.length, ...placed.filter((k) => k > i).map((k) => own.get(k).start));
      const sites = sitesIn(text, low, high);
      for (const start of starts.filter((at) => at >= low && at < high)) {
        for (const [end, words] of readings(text, start, one.size, sites)) {
          if (end <= high && ends.has(end) && sha256(words) === one.sha) found.push({ start, end, sha: one.sha, words });
        }
      }
    });
    return found;
  }

  /* ---- what is found is shown; kept in this browser only if the reader asks ---- */

  function show(found) {
    for (const [locator, words] of Object.entries(found)) {
      known.sentences[locator] = words;
      const sentence = document.getElementById(locator);
      if (!sentence || !sentence.matches(".sentence")) continue;
      const place = sentence.querySelector(".words") || axislibPanel.make("p", { className: "words" });
      place.textContent = words;
      sentence.querySelector(".locator").after(place);
    }
  }

  function stored(change) { // null where the browser keeps nothing for pages on disk
    try { return change ? change(window.localStorage) : window.localStorage.getItem(KEY); } catch { return null; }
  }

  function receipt(raw) {
    const { make } = axislibPanel;
    const found = raw.length > MOST ? {} : find(raw);
    const [count, all] = [Object.keys(found).length, known.hashes.length];
    const line = document.querySelector(".receipt");
    show(found);
    if (!line) return;
    if (!count) {
      line.replaceChildren(`None of the ${all} sentences was found in this text. Is it the article, as plain text?`);
      return;
    }
    const keep = make("button", { type: "button" });
    const say = () => { keep.textContent = stored() ? "Forget this copy" : "Keep it for the other pages"; };
    keep.addEventListener("click", () => {
      if (stored()) stored((store) => store.removeItem(KEY));
      else stored((store) => store.setItem(KEY, raw));
      where.textContent = stored() ? "It is kept in this browser, on this computer." : "Nothing was sent or stored.";
      say();
    });
    const where = make("span", {}, stored() ? "It is kept in this browser, on this computer." : "Nothing was sent or stored.");
    say();
    line.replaceChildren(`${count} of ${all} sentences were found in your copy and are shown here. `, where, " ", keep);
  }

  /* UTF-8, UTF-16 by its mark, else Windows-1252; not a PDF or a Word file. */
  async function read(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const mark = (bytes[0] << 8) | bytes[1];
    if (mark === 0xfffe || mark === 0xfeff) return new TextDecoder(mark === 0xfffe ? "utf-16le" : "utf-16be").decode(bytes);
    try { return new TextDecoder("utf-8", { fatal: true }).decode(bytes); } catch { return new TextDecoder("windows-1252").decode(bytes); }
  }

  const box = document.querySelector(".own-copy");
  if (box) {
    const area = box.querySelector("textarea");
    const look = () => { if (area.value.trim()) receipt(area.value); };
    const take = async (file) => { if (file) { area.value = await read(file); look(); } };
    box.hidden = false;
    box.querySelector(".look").addEventListener("click", look);
    box.querySelector("input").addEventListener("change", (event) => take(event.target.files[0]));
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      const { files } = event.dataTransfer;
      if (files.length) return take(files[0]);
      area.value = event.dataTransfer.getData("text/plain");
      return look();
    });
  }
  if (stored()) receipt(stored());

  return { find, normalise, sha256 };
})();
