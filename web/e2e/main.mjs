// The browser phone against a running `dialtone dev`, from the outside: a headless Chromium with a fake
// microphone, the gateway as the business, and the sound measured on both ends.
//
//   node e2e/main.mjs [path of the program]     the default is ../target/debug/dialtone
//
// It starts the program by itself, on free ports and with a folder of its own.
import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startDialtone } from "./dialtone.mjs";
import { WAIT_MS, hears, openPhone, startChromium } from "./page.mjs";
import { readWav, shareOfTone, toneWav } from "./tone.mjs";

const BUSINESS_HZ = 440;
const USER_HZ = 600;
/** The phone is heard for longer than this before a key is pressed, in seconds. */
const BEFORE_KEYS_SECS = 1.5;
const HERE = fileURLToPath(new URL(".", import.meta.url));
const program = process.argv[2] ?? join(HERE, "../../target/debug/dialtone");
const pictures = process.env.DIALTONE_E2E_OUT ?? join(HERE, "out");

const folder = await mkdtemp(join(tmpdir(), "dialtone-e2e-"));
await mkdir(pictures, { recursive: true });
const microphone = join(folder, "microphone.wav");
await writeFile(microphone, toneWav(USER_HZ, 10));

const dialtone = await startDialtone(program, folder, BUSINESS_HZ);
const browser = await startChromium(microphone);
try {
  const phone = await openPhone(browser, dialtone.publicUrl, await dialtone.user());
  const stories = {
    theBusinessAsksBeforeItCalls, aUserCallsABusiness, aBusinessCallsAUser, theUserRejects,
    aPageThatIsReloadedRingsAgain, aButtonCalls, aLinkCalls, theProfileSaysWhoMayCall, aTemplateAsks,
    aWideScreenShowsTheChatBesideTheCall,
  };
  for (const [name, story] of Object.entries(stories)) {
    const began = performance.now();
    await story(phone.page);
    console.log(`ok ${name} (${Math.round(performance.now() - began)} ms)`);
  }
  assert.deepEqual(phone.faults, [], "the page has thrown or logged no error");
  await theWrongTokenIsSaid();
  console.log("ok theWrongTokenIsSaid");
} catch (failure) {
  console.error(dialtone.log());
  throw failure;
} finally {
  await browser.close();
  await dialtone.stop();
  await rm(folder, { recursive: true, force: true });
}

async function theBusinessAsksBeforeItCalls(page) {
  await dialtone.consent(false);
  await page.getByRole("button", { name: /^Chat with/ }).click();
  await writes(page, "When does my order come?");
  await dialtone.businessSends({ type: "text", text: { body: "Tomorrow at ten. It is a bit early, we know." } });
  const asked = await dialtone.businessSends({
    type: "interactive",
    interactive: {
      type: "call_permission_request",
      action: { name: "call_permission_request" },
      body: { text: "May we call you when the van is near?" },
    },
  });
  const answers = page.getByRole("group", { name: "May it call you?" });
  await answers.getByRole("button", { name: "For a week" }).click({ timeout: WAIT_MS });
  await page.getByText(/You allowed calls for a week\. You can change it until/).waitFor({ timeout: WAIT_MS });
  await picture(page, "asked-and-answered");
  await dialtone.until(async () => (await dialtone.message(asked)).status === "read", "the message is read");
  assert.equal((await dialtone.permission()).granted, true);

  const placed = await dialtone.gatewayCalls({ kind: "tone", hz: BUSINESS_HZ });
  await page.getByRole("button", { name: "Pick up" }).click({ timeout: WAIT_MS });
  await inTheCall(page);
  await page.getByRole("button", { name: "Hang up" }).click();
  const call = await dialtone.gatewayUntil((call) => call.phase === "ended", "it has ended");
  assert.equal(call.reference, placed.reference);

  // The answer is changed, and the business may not call any more.
  await answers.getByRole("button", { name: "No" }).click();
  await page.getByText(/You said no\. You can change it until/).waitFor({ timeout: WAIT_MS });
  assert.equal((await dialtone.permission()).granted, false);
  await backToTheList(page);
  await dialtone.consent(true);
}

async function aButtonCalls(page) {
  await dialtone.businessSends({
    type: "interactive",
    interactive: {
      type: "voice_call",
      body: { text: "Questions? Our gardeners know every fig by name." },
      action: { name: "voice_call", parameters: { display_text: "Call a gardener", ttl_minutes: 60, payload: "figs-7" } },
    },
  });
  await page.getByRole("button", { name: /^Chat with .*, 1 unread$/ }).click({ timeout: WAIT_MS });
  await page.getByText(/^Works until/).waitFor();
  await picture(page, "call-button");
  await page.getByRole("button", { name: "Call a gardener" }).click();
  await inTheCall(page);
  await page.getByRole("button", { name: "Hang up" }).click();
  const call = await dialtone.gatewayUntil((call) => call.phase === "ended", "it has ended");
  assert.equal((await dialtone.webhook(call.call_id, "connect")).cta_payload, "figs-7");
  await backToTheList(page);
}

async function aLinkCalls(page) {
  const at = page.url();
  await page.goto(`${at}&call=${dialtone.displayNumber}&biz_payload=spring%20sale`);
  await page.getByRole("dialog").getByRole("button", { name: "Call", exact: true }).click({ timeout: WAIT_MS });
  await inTheCall(page);
  await page.getByRole("button", { name: "Hang up" }).click();
  const call = await dialtone.gatewayUntil((call) => call.phase === "ended", "it has ended");
  assert.equal((await dialtone.webhook(call.call_id, "connect")).deeplink_payload, "spring sale");
  assert.equal(page.url(), at, "a page that is loaded again asks for no second call");
}

async function theProfileSaysWhoMayCall(page) {
  await page.getByRole("button", { name: /^Chat with/ }).click({ timeout: WAIT_MS });
  await page.getByRole("button", { name: /Profile$/ }).click();
  const sheet = page.getByRole("dialog");
  await picture(page, "profile");
  assert.ok(await sheet.getByRole("radio", { name: /^Always/ }).isChecked());
  await sheet.getByRole("radio", { name: /^No/ }).click();
  await dialtone.until(async () => !(await dialtone.permission()).granted, "no calls are allowed");
  await sheet.getByRole("radio", { name: /^For a week/ }).click();
  await sheet.getByText(/^Until /).waitFor({ timeout: WAIT_MS });
  assert.equal((await dialtone.permission()).granted, true);
  await page.keyboard.press("Escape");
  await backToTheList(page);
}

async function aTemplateAsks(page) {
  const template = { name: "on_its_way", language: "en_US" };
  await dialtone.template({
    ...template,
    category: "UTILITY",
    components: [
      { type: "HEADER", format: "TEXT", text: "Order 1029" },
      { type: "BODY", text: "Your fig is on its way." },
      { type: "FOOTER", text: "Example Bakery" },
      { type: "CALL_PERMISSION_REQUEST" },
    ],
  });
  await dialtone.businessSends({ type: "template", template: { name: template.name, language: { code: template.language } } });
  await page.getByRole("button", { name: /^Chat with .*, 1 unread$/ }).click({ timeout: WAIT_MS });
  const shown = page.getByRole("listitem").filter({ hasText: "Your fig is on its way." });
  await shown.getByText("Order 1029").waitFor();
  await shown.getByText("Example Bakery", { exact: true }).waitFor();
  await shown.getByRole("button", { name: "Always" }).click();
  await shown.getByText(/^You allowed calls always\./).waitFor({ timeout: WAIT_MS });
  await picture(page, "template");
  assert.equal((await dialtone.permission()).status, "permanent");
  await backToTheList(page);
}

async function aWideScreenShowsTheChatBesideTheCall(page) {
  const narrow = page.viewportSize();
  await page.setViewportSize({ width: 1200, height: 820 });
  await page.getByRole("button", { name: /^Call / }).first().click();
  await inTheCall(page);
  await writes(page, "I am number 43 in your queue.");
  assert.equal(await page.getByRole("status", { name: "Pressed" }).textContent(), "", "what is written is not dialled");
  await picture(page, "wide");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "wide-dark");
  await page.emulateMedia({ colorScheme: null });
  await page.getByRole("button", { name: "Hang up" }).click();
  await page.getByText("You hung up.").waitFor();
  const call = await dialtone.gatewayUntil((call) => call.phase === "ended", "it has ended");
  assert.equal(call.digits, "");
  await page.setViewportSize(narrow);
}

async function writes(page, text) {
  const line = page.getByRole("textbox", { name: "Write a message" });
  await line.fill(text);
  await line.press("Enter");
  await page.getByRole("log").getByText(text).waitFor({ timeout: WAIT_MS });
}

async function backToTheList(page) {
  await page.getByRole("button", { name: "Back to the businesses" }).click();
  await page.getByRole("heading", { name: "Businesses" }).waitFor();
}

async function aUserCallsABusiness(page) {
  await page.getByRole("button", { name: /^Call / }).first().click();
  await inTheCall(page);
  await hears(page, BUSINESS_HZ);
  await picture(page, "talking");
  for (const key of ["1", "2", "hash"]) await page.getByRole("button", { name: key, exact: true }).click();
  await page.keyboard.press("5");
  await dialtone.gatewayUntil((call) => call.digits === "12#5", "it has heard the keys");
  await page.getByRole("button", { name: "Hang up" }).click();
  await page.getByText("You hung up.").waitFor();

  const call = await dialtone.gatewayUntil((call) => call.phase === "ended" && call.recorded, "it has ended");
  assert.equal(call.direction, "USER_INITIATED");
  assert.equal(call.outcome, "hung_up");
  await theGatewayHeardTheUser(call);
  const seen = await dialtone.call(call.call_id);
  assert.equal(seen.ending.reason, "user_hung_up");
}

async function aBusinessCallsAUser(page) {
  const handler = { kind: "tone", hz: BUSINESS_HZ, record: true, hang_up_after_secs: 6 };
  const placed = await dialtone.gatewayCalls(handler);
  await page.getByText("calls you").waitFor({ timeout: WAIT_MS });
  await picture(page, "ringing");
  await page.getByRole("button", { name: "Pick up" }).click();
  await inTheCall(page);
  await hears(page, BUSINESS_HZ);
  await page.getByText("The business hung up.").waitFor({ timeout: WAIT_MS });
  await picture(page, "after-the-call");

  const call = await dialtone.gatewayUntil((call) => call.phase === "ended" && call.recorded, "it has ended");
  assert.equal(call.reference, placed.reference);
  await theGatewayHeardTheUser(call);
}

async function theUserRejects(page) {
  const placed = await dialtone.gatewayCalls({ kind: "echo" });
  await page.getByRole("button", { name: "Reject" }).click({ timeout: WAIT_MS });
  const call = await dialtone.gatewayUntil((call) => call.phase === "ended", "it has ended");
  assert.equal(call.reference, placed.reference);
  assert.equal(call.outcome, "declined");
  await page.getByRole("heading", { name: "Businesses" }).waitFor();
}

async function aPageThatIsReloadedRingsAgain(page) {
  await dialtone.gatewayCalls({ kind: "echo" });
  await page.getByText("calls you").waitFor({ timeout: WAIT_MS });
  await page.reload();
  await page.getByText("calls you").waitFor({ timeout: WAIT_MS });
  await page.getByRole("button", { name: "Pick up" }).click();
  await inTheCall(page);
  await hears(page, USER_HZ, 5);
  await page.getByRole("button", { name: "Hang up" }).click();
  await dialtone.gatewayUntil((call) => call.phase === "ended", "it has ended");
}

async function theWrongTokenIsSaid() {
  const page = await browser.newPage();
  await page.goto(`${dialtone.publicUrl}/phone/?wa_id=14085551234&token=wrong`);
  await page.getByText("No user with this number has this token.").waitFor({ timeout: WAIT_MS });
  await page.getByRole("link", { name: "Choose another phone" }).click();
  await page.getByRole("button", { name: "Open the phone" }).waitFor();
  await picture(page, "chooser");
}

async function inTheCall(page) {
  await page.getByText("In the call", { exact: true }).waitFor({ timeout: WAIT_MS });
}

/**
 * The gateway has recorded the microphone's tone and the business's own. Keys take the place of the voice
 * while they are sounded, so what is measured is the time before the first of them.
 */
async function theGatewayHeardTheUser(call) {
  const { rate, channels } = readWav(await dialtone.recording(call.reference));
  const [user, business] = channels.map((samples) => samples.subarray(0, BEFORE_KEYS_SECS * rate));
  for (const [who, samples, hz] of [["user", user, USER_HZ], ["business", business, BUSINESS_HZ]]) {
    const share = shareOfTone(samples, rate, hz);
    assert.ok(share > 0.8, `the ${who}'s ${hz} Hz is in ${Math.round(share * 100)} % of the recording`);
  }
}




async function picture(page, name) {
  await page.screenshot({ path: join(pictures, `${name}.png`), animations: "disabled" });
}
