import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env.LYHORD_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/app/",
  plugins: [react()],
  publicDir: false,
  build: {
    target: "es2022",
    // dist/.gitkeep must survive, or a clean clone no longer compiles; scripts/clean.mjs removes the rest.
    emptyOutDir: false,
    assetsInlineLimit: 0,
    // The polyfill would be an inline script, which the content security policy refuses.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { app: "index.html", report: "report.html" } },
  },
  server: { host: "127.0.0.1", proxy: { "/api": api, "/t": api, "/static": api } },
});
