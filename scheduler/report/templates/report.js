"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const told = (place, count) => { place.textContent = place.dataset.words.replace("{count}", count); };
  const valueOf = (cell) => cell.dataset.s ?? cell.textContent.trim();
  const collator = new Intl.Collator("nl", { numeric: true });

  const compare = (a, b) => {
    const x = Number(a), y = Number(b);
    return Number.isNaN(x) || Number.isNaN(y) ? collator.compare(a, b) : x - y;
  };
  const sortBy = (table, column, heading) => {
    const down = heading.getAttribute("aria-sort") !== "descending";
    all("th[aria-sort]", table).forEach((th) => th.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => compare(valueOf(a.cells[column]), valueOf(b.cells[column])));
    body.append(...(down ? rows.reverse() : rows));
  };
  all("table.sortable").forEach((table) => all("thead th", table).forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => sortBy(table, column, heading));
  }));

  const gpSearch = document.getElementById("gp-search");
  const gpClass = document.getElementById("gp-class");
  const gpRows = all("#gp-table tbody tr").map((row) => [row, row.cells[0].textContent.toLowerCase()]);
  const filterGps = () => {
    const wanted = gpSearch.value.trim().toLowerCase();
    let shown = 0;
    gpRows.forEach(([row, words]) => {
      row.hidden = !words.includes(wanted) || (gpClass.value !== "" && row.dataset.class !== gpClass.value);
      shown += row.hidden ? 0 : 1;
    });
    told(document.getElementById("gp-count"), shown);
  };
  gpSearch.addEventListener("input", filterGps);
  gpClass.addEventListener("change", filterGps);

  const months = all("details.month");
  const gridSearch = document.getElementById("grid-search");
  let seats = null;
  const searchGrid = () => {
    const wanted = gridSearch.value.trim().toLowerCase();
    seats ??= all("#rooster .g").map((seat) => [seat, seat.textContent.toLowerCase(), seat.closest("details")]);
    document.getElementById("rooster").classList.toggle("searching", wanted.length > 1);
    const found = new Set();
    let hits = 0;
    seats.forEach(([seat, words, month]) => {
      const hit = wanted.length > 1 && words.includes(wanted);
      seat.classList.toggle("hit", hit);
      if (hit) { hits += 1; found.add(month); }
    });
    if (wanted.length > 1) months.forEach((month) => { month.open = found.has(month); });
    told(document.getElementById("grid-count"), hits);
  };
  let waiting = 0;
  gridSearch.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(searchGrid, 200); });
  const table = document.getElementById("gp-table");
  const showShifts = (gp) => {
    gridSearch.value = gp;
    searchGrid();
    document.getElementById("rooster").scrollIntoView();
  };
  all("tbody th", table).forEach((heading) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.title = table.dataset.show;
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => showShifts(heading.textContent.trim()));
  });
  const openAll = (open) => months.forEach((month) => { month.open = open; });
  document.getElementById("grid-open").addEventListener("click", () => openAll(true));
  document.getElementById("grid-close").addEventListener("click", () => openAll(false));
  const openTarget = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  window.addEventListener("hashchange", openTarget);
  openTarget();
  all(".tools").forEach((tools) => { tools.hidden = false; });
})();
