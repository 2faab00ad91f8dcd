"""What the browser tests run inside a page, to know when it rests and what it draws."""

# Counts the answers that the page waits for; sweeps, which are fetched ahead, are not waited for.
COUNT_REQUESTS = """
window.asked = [];
window.swept = [];
window.openRequests = 0;
const real = window.fetch;
window.fetch = async (...given) => {
  const url = String(given[0]);
  window.asked.push(url);
  if (url.includes("sweep=")) {
    const response = await real(...given);
    const read = response.json.bind(response);
    response.json = () => read().finally(() => setTimeout(() => window.swept.push(url)));
    return response;
  }
  window.openRequests += 1;
  let open = true;
  const close = () => { window.openRequests -= open ? 1 : 0; open = false; };
  try {
    const response = await real(...given);
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
() => JSON.stringify([...document.querySelectorAll(".plot")].map(({ data = [], layout = {} }) => {
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
