/* Shows the OpenAPI description; without JavaScript the page links to it. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("swagger-ui");
  window.SwaggerUIBundle({
    url: place.dataset.address,
    domNode: place,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    onComplete: () => place.querySelectorAll("select:not([aria-label])").forEach((control) => {
      control.setAttribute("aria-label", place.dataset.select);
    }),
  });
});
