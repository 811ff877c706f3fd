// Starts `dialtone dev` on free ports and asks its two APIs.
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { WAIT_MS } from "./page.mjs";

/** Starts the program with a gateway that answers users with a tone, and waits until it is ready. */
export async function startDialtone(program, folder, hz) {
  const config = join(folder, "dialtone.toml");
  const envFile = join(folder, "env");
  await writeFile(config, `[gateway.handler]\nkind = "tone"\nhz = ${hz}\nrecord = true\n`);
  const args = ["dev", "--port", "0", "--seed", "7", "--config", config, "--data", join(folder, "data"), "--env-file", envFile];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const exited = new Promise((resolve) => child.on("exit", resolve));
  child.on("error", (error) => (said += `${error}\n`));

  const env = await until(
    async () => {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`${program} did not start:\n${said}`);
      return readFile(envFile, "utf8").then(parse, () => null);
    },
    () => `${program} is not ready:\n${said}`,
  );
  const control = env.DIALTONE_CONTROL_URL;
  const waId = env.DIALTONE_USER_WA_ID;
  // The gateway has no line in the file: whoever gets the webhooks is the gateway.
  const subscriptions = await json(`${control}/subscriptions`);
  const gateway = `${new URL(subscriptions.data[0].url).origin}/gateway/v1`;

  return {
    publicUrl: env.DIALTONE_GRAPH_URL,
    log: () => said,
    async stop() {
      child.kill("SIGINT");
      await exited;
    },
    async user() {
      const user = await json(`${control}/users/${waId}`);
      return { waId, token: user.phone_token };
    },
    /** The user allows calls for ever, or no calls, without a word to the business. */
    consent: (granted) => json(`${control}/consents/${env.DIALTONE_PHONE_NUMBER_ID}/${waId}`, "PUT", { granted }),
    displayNumber: env.DIALTONE_DISPLAY_PHONE_NUMBER,
    /** The business sends the user a message, through Meta's own API. */
    async businessSends(message) {
      const to = { messaging_product: "whatsapp", recipient_type: "individual", to: waId };
      const url = `${env.DIALTONE_GRAPH_URL}/v24.0/${env.DIALTONE_PHONE_NUMBER_ID}/messages`;
      const sent = await json(url, "POST", { ...to, ...message }, env.DIALTONE_ACCESS_TOKEN);
      return sent.messages[0].id;
    },
    /** The business's own template, approved. */
    template: (template) =>
      json(`${env.DIALTONE_GRAPH_URL}/v24.0/${env.DIALTONE_WABA_ID}/message_templates`, "POST", template, env.DIALTONE_ACCESS_TOKEN),
    message: (id) => json(`${control}/messages/${encodeURIComponent(id)}`),
    permission: () => json(`${control}/consents/${env.DIALTONE_PHONE_NUMBER_ID}/${waId}`),
    call: (id) => json(`${control}/calls/${id}`),
    /** The call of that webhook as the business got it. */
    async webhook(callId, event) {
      const { deliveries } = await json(`${control}/calls/${callId}`);
      const { id } = deliveries.find((delivery) => delivery.event === event);
      const { body } = await json(`${control}/deliveries/${id}`);
      return JSON.parse(body).entry[0].changes[0].value.calls[0];
    },
    /** Waits until something that is asked for again and again fits. */
    until: (look, what) => until(look, () => what),
    gatewayCalls: (handler) => json(`${gateway}/calls`, "POST", { to: waId, handler }),
    /** Waits until the gateway's newest call fits. */
    gatewayUntil: (fits, what) => {
      let newest = null;
      return until(
        async () => {
          [newest = null] = (await json(`${gateway}/calls?limit=1`)).calls;
          return newest && fits(newest) ? newest : null;
        },
        () => `the gateway's newest call: ${what}? ${JSON.stringify(newest)}`,
      );
    },
    /** The user on the left, the business on the right. */
    async recording(reference) {
      const answer = await fetch(`${gateway}/calls/${reference}/recording`);
      if (!answer.ok) throw new Error(`recording: ${answer.status} ${await answer.text()}`);
      return answer.arrayBuffer();
    },
  };
}

async function json(url, method = "GET", body = undefined, token = undefined) {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body && { "content-type": "application/json" }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Looks again and again, because others have to come to it by themselves. */
async function until(look, complaint) {
  const end = performance.now() + WAIT_MS;
  while (performance.now() < end) {
    const found = await look();
    if (found) return found;
    await pause(50);
  }
  throw new Error(complaint());
}

const parse = (text) =>
  text.endsWith("\n") ? Object.fromEntries(text.trim().split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2))) : null;
