// Lets a user see that the microphone hears them before a call depends on it.
import { useEffect, useState } from "react";
import { MicrophoneIcon } from "./icons.tsx";
import { NoMicrophone, type Processing, openMicrophone } from "../media/microphone.ts";

type Check = { is: "off" } | { is: "asking" } | { is: "on"; stream: MediaStream } | { is: "failed"; message: string };

export function MicrophoneCheck({ processing }: { processing: Processing }) {
  const [check, setCheck] = useState<Check>({ is: "off" });
  const stream = check.is === "on" ? check.stream : null;
  useEffect(() => () => stream?.getTracks().forEach((track) => track.stop()), [stream]);

  const start = async () => {
    setCheck({ is: "asking" });
    try {
      setCheck({ is: "on", stream: await openMicrophone(processing) });
    } catch (fault) {
      setCheck({ is: "failed", message: fault instanceof NoMicrophone ? fault.message : String(fault) });
    }
  };

  return (
    <section className="microphone">
      {stream ? (
        <>
          <Level stream={stream} />
          <button type="button" onClick={() => setCheck({ is: "off" })}>Stop the check</button>
        </>
      ) : (
        <button type="button" onClick={() => void start()} disabled={check.is === "asking"}>
          <MicrophoneIcon /> {check.is === "asking" ? "Waiting for the browser…" : "Check the microphone"}
        </button>
      )}
      {check.is === "failed" && <p role="alert">{check.message}</p>}
    </section>
  );
}

function Level({ stream }: { stream: MediaStream }) {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 1_024 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // -60 dB is silence in a quiet room, 0 dB is full scale.
      setLevel(Math.max(0, Math.min(1, 1 + (10 * Math.log10(power + 1e-9)) / 60)));
    }, 100);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return (
    <label className="level">
      Say something: the bar should move.
      <meter min={0} max={1} low={0.2} value={level} />
    </label>
  );
}
