"""The operator's side of an exchange, as its control API describes it: users' phones and records."""

import io
import wave
from urllib.parse import quote

import httpx
import numpy as np

PATIENCE_MS = 20_000


class Control:
    """The control API of the exchange that the environment names."""

    def __init__(self, env: dict[str, str]):
        self.env = env
        self.http = httpx.AsyncClient(base_url=env["DIALTONE_CONTROL_URL"], timeout=40.0)

    async def ask(self, method: str, path: str, body: dict | None = None):
        answer = await self.http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def phone(self, **script) -> "Phone":
        """A phone of the user that does as the script says."""
        wish = {"wa_id": self.env["DIALTONE_USER_WA_ID"], "script": script}
        made = await self.ask("POST", "/phones", wish)
        phone = Phone(self, made["id"])
        await phone.until("online")
        return phone

    @property
    def pair(self) -> str:
        return f"{self.env['DIALTONE_PHONE_NUMBER_ID']}/{self.env['DIALTONE_USER_WA_ID']}"

    async def consent(self, granted: bool) -> None:
        await self.ask("PUT", f"/consents/{self.pair}", {"granted": granted})

    async def forget(self) -> None:
        """As if the number and the user had never heard of each other."""
        await self.ask("DELETE", f"/consents/{self.pair}")

    async def writes(self, text: str) -> None:
        """The user writes to the business."""
        message = {"phone_number_id": self.env["DIALTONE_PHONE_NUMBER_ID"], "text": text}
        await self.ask("POST", f"/users/{self.env['DIALTONE_USER_WA_ID']}/messages", message)

    async def answers(self, request: str, answer: str) -> None:
        """The user answers a call permission request."""
        await self.ask("POST", f"/messages/{quote(request, safe='')}/answer", {"answer": answer})

    async def call(self, call_id: str) -> dict:
        return await self.ask("GET", f"/calls/{call_id}")

    async def close(self) -> None:
        await self.http.aclose()


class Phone:
    """A scripted phone that runs in the exchange."""

    def __init__(self, control: Control, number: int):
        self.control = control
        self.path = f"/phones/{number}"
        self.seen = 0

    async def until(self, event: str) -> dict:
        """Waits until that has happened, and gives it; what came before it is passed over."""
        passed = []
        while True:
            answer = await self.control.ask(
                "GET", f"{self.path}?from={self.seen}&wait_ms={PATIENCE_MS}"
            )
            assert answer["story"], f"waited for {event}; since then only {passed}"
            for happened in answer["story"]:
                self.seen = happened["number"] + 1
                passed.append(happened["event"])
                if happened["event"] == event:
                    return happened

    async def order(self, verb: str, body: dict | None = None) -> None:
        await self.control.ask("POST", f"{self.path}/{verb}", body)

    async def heard(self) -> tuple[np.ndarray, int]:
        """What it heard in its last call: samples and their rate."""
        answer = await self.control.http.get(f"{self.path}/recording")
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        with wave.open(io.BytesIO(answer.content)) as file:
            rate, frames = file.getframerate(), file.readframes(file.getnframes())
        return np.frombuffer(frames, dtype=np.int16).astype(np.float64), rate

    async def gone(self) -> None:
        await self.control.ask("DELETE", self.path)
