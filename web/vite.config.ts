// How the pages are built: one entry per page, one folder `dist` that crates/web embeds.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const page = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Where `npm run dev` finds the exchange whose phone line it passes on.
const exchange = process.env["DIALTONE_PUBLIC_URL"] ?? "http://127.0.0.1:7080";

export default defineConfig({
  build: {
    target: "es2022",
    rollupOptions: { input: { home: page("./index.html"), phone: page("./phone/index.html") } },
  },
  server: { proxy: { "/phone/v1": { target: exchange, ws: true } } },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
