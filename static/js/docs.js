// The API's own pages: Swagger UI over the OpenAPI document.

const place = /** @type {HTMLElement} */ (document.getElementById("docs"));
const { SwaggerUIBundle } = /** @type {any} */ (window);

SwaggerUIBundle({
  dom_id: "#docs",
  url: place.dataset.document,
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
});
