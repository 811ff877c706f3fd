// The three answers to a call permission request; the one that was given can be changed until it is over.
import type { Answer, PermissionRequest } from "../line/chat-message.ts";
import { moment } from "../phone/spoken.ts";
import { TickIcon } from "./icons.tsx";

type Props = {
  request: PermissionRequest;
  /** The exchange's time. */
  now: number;
  canAnswer: boolean;
  answer: (answer: Answer) => void;
};

export function PermissionAsked({ request, now, canAnswer, answer }: Props) {
  const given = request.answer;
  if (request.state === "over") {
    return <p className="until">{given ? `${SAID[given]} This can no longer be changed here.` : "This was not answered in time."}</p>;
  }
  return (
    <>
      <div className="answers" role="group" aria-label="May it call you?">
        {ANSWERS.map(([word, text]) => (
          <button
            key={word} type="button" className="wide" aria-pressed={given === word} disabled={!canAnswer}
            onClick={() => given !== word && answer(word)}
          >
            {given === word && <TickIcon />} {text}
          </button>
        ))}
      </div>
      <p className="until" role="status">
        {given
          ? `${SAID[given]} You can change it until ${moment(request.until_ms, now)}.`
          : `You can answer until ${moment(request.until_ms, now)}.`}
      </p>
    </>
  );
}

const ANSWERS: readonly [Answer, string][] = [
  ["temporary", "For a week"],
  ["permanent", "Always"],
  ["decline", "No"],
];
const SAID: Record<Answer, string> = {
  temporary: "You allowed calls for a week.",
  permanent: "You allowed calls always.",
  decline: "You said no.",
};
