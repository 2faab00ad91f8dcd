"""What the browser tests run inside a page, to know when it rests and what it draws."""

# Counts the answers that the page waits for; sweeps, which are fetched ahead, are not waited for. And keeps the page's
# timers, so that what would happen in some time can happen at once, in its order.
COUNT_REQUESTS = """
const timers = new Map();
const [later, never] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
window.setTimeout = (act, ms = 0, ...given) => {
  const due = () => (timers.delete(id), act(...given));
  const id = later(due, ms);
  timers.set(id, { at: performance.now() + ms, due });
  return id;
};
window.clearTimeout = (id) => (timers.delete(id), never(id));
window.skip = (ms) => {
  const until = performance.now() + ms;
  for (let left = 50; left; left -= 1) {
    const [next] = [...timers].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at);
    if (!next) return;
    never(next[0]);
    next[1].due();
  }
};
window.asked = [];
window.swept = [];
window.openRequests = 0;
const real = window.fetch;
const streamed = (response, ended) => {
  const [read, given] = response.body.tee();
  const reader = read.getReader();
  const on = () => reader.read().then((piece) => (piece.done ? ended() : on()), ended);
  on();
  return new Response(given, response);
};
window.fetch = async (...given) => {
  const url = String(given[0]);
  window.asked.push(url);
  if (url.includes("sweep=")) {
    if (window.nothingAhead) return new Promise(() => {});
    const response = await real(...given);
    if (url.includes("/stream?")) return streamed(response, () => setTimeout(() => window.swept.push(url)));
    const read = response.json.bind(response);
    response.json = () => read().finally(() => setTimeout(() => window.swept.push(url)));
    return response;
  }
  window.openRequests += 1;
  let open = true;
  const close = () => { window.openRequests -= open ? 1 : 0; open = false; };
  try {
    const response = await real(...given);
    if (response.ok && url.includes("/stream?")) return streamed(response, () => setTimeout(close));
    for (const name of ["json", "text"]) {
      const read = response[name].bind(response);
      response[name] = () => read().finally(close);
    }
    if (!response.ok) setTimeout(close, 20);
    return response;
  } catch (error) {
    close();
    throw error;
  }
};
"""
AT_REST = """
async () => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let quiet = 0; quiet < 3; quiet = window.openRequests ? 0 : quiet + 1) await frame();
}
"""
# What a hand that rests would see after so many milliseconds.
SKIP = """
async (ms) => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  window.skip(ms);
}
"""
DRAWN = "() => !document.querySelector('.figure:not(.drawn, .empty)')"
SEEN = """
() => {
  const paths = ["shape", "contour", "scatter", "bar"].map((one) => `.${one}layer path`);
  const drawn = (one) => one.getAttribute("d") ?? one.getAttribute("href") ?? one.textContent;
  return [...paths, ".heatmaplayer image", ".xtitle", ".ytitle"]
    .flatMap((one) => [...document.querySelectorAll(`.plot ${one}`)])
    .map((one) => [drawn(one), one.getAttribute("transform")].join()).join("\\n");
}
"""
FIGURE = """
() => JSON.stringify([...document.querySelectorAll(".plot")].map(({ data = [], layout = {}, parentElement }) => {
  if (parentElement.matches(".empty")) return null;
  const axes = [layout.xaxis, layout.yaxis].map((one) => [one?.range, one?.title?.text]);
  return [data, layout.shapes, layout.annotations, axes];
}))
"""
PIXEL = """
([x, y]) => {
  const plot = document.querySelector(".plot"), { xaxis, yaxis } = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.l2p(x), box.top + yaxis._offset + yaxis.l2p(y)];
}
"""

# Answers every question about a part at once, with its answer to the lab as it opens, which needs not be drawn again:
# so a control is tried without its answer.
CANNED = """
async () => {
  const { answers, parts, slug } = JSON.parse(document.getElementById("lab").textContent);
  const real = window.fetch;
  for (const part of Object.keys(parts)) answers[part] ??= await (await real(`/api/v1/labs/${slug}/${part}`)).json();
  window.Plotly.react = window.Plotly.relayout = () => {};
  window.fetch = (url, ...given) => {
    const [, part, streams] = /[/]labs[/][^/]+[/]([^/?]+)([/]stream)?[?]/.exec(url) ?? [];
    if (!(part in answers)) return real(url, ...given);
    window.asked.push(String(url));
    if (url.includes("sweep=")) return new Promise(() => {});
    if (!streams) return Promise.resolve(Response.json(answers[part]));
    const event = (name, data) => `event: ${name}\\ndata: ${JSON.stringify(data)}\\n\\n`;
    return Promise.resolve(new Response(event("answer", answers[part]) + event("end", answers[part].outcome)));
  };
}
"""
# Waits until a knob was asked about, or the film of which it is the moment; whether it was.
ASKED = """
async (knob) => {
  const turned = (url) => {
    const asked = decodeURIComponent(url).replaceAll("+", " ");
    return asked.includes(`${knob}=`) || (asked.includes("/stream?") && asked.endsWith(`sweep=${knob}`));
  };
  for (let tries = 0; tries < 40; tries += 1) {
    if (window.asked.some(turned)) return true;
    await new Promise(requestAnimationFrame);
  }
  return false;
}
"""
# Puts the focus on a control, and forgets what was asked before; its kind, and whether it stands at its end.
HOLD = """
(id) => {
  const one = document.getElementById(id);
  one.focus();
  window.asked.length = 0;
  const kind = one.tagName === "SELECT" ? "select" : one.getAttribute("role") ?? one.type;
  return [kind, Number(one.value) >= Number(one.max)];
}
"""
# Words that are cut off by their own box, and words of the figure that leave it.
CUT = """
() => {
  const words = (one) => `${one.tagName} ${one.textContent.trim().slice(0, 60)}`;
  const boxes = "label, dt, dd, summary, button, p, li, h1, h2, h3, a, .unit, .number, .objective, .outcome";
  const cut = [...document.querySelectorAll(boxes)].filter((one) => {
    if (!one.checkVisibility() || one.closest(".unseen, .skip")) return false;
    const style = getComputedStyle(one);
    return !/auto|scroll/.test(style.overflowX) && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
  });
  const texts = [...document.querySelectorAll(".plot :is(.xtick, .ytick, .g-xtitle, .g-ytitle) text")];
  const outside = texts.filter((one) => {
    const box = one.getBoundingClientRect(), frame = one.closest(".plot").getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
  });
  return [...cut, ...outside].map(words);
}
"""
WIDER = """
() => {
  const page = document.scrollingElement;
  const own = (one) => /auto|scroll|clip|hidden/.test(getComputedStyle(one).overflowX);
  const scrolls = (one) => one && one !== document.body && (own(one) || scrolls(one.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility()
    && !one.closest("svg, .handles") && one.getBoundingClientRect().right > page.clientWidth + 1 && !scrolls(one));
  const sideways = page.scrollWidth > page.clientWidth ? ["the page scrolls sideways"] : [];
  return [...sideways, ...wide.map((one) => one.outerHTML.slice(0, 100))];
}
"""
