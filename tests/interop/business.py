"""A business as somebody else writes it: pywa for the API and the webhooks, aiortc for the audio."""

import asyncio

import aioice.ice
import httpx
from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from pywa import utils
from pywa.types.calls import SessionDescription
from pywa_async import WhatsApp, types

from audio import Ear, Tone

# aiortc leaves loopback out, and a machine that runs tests may have no other network.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"] if use_ipv4 else []

PATIENCE = 20.0


class Peer:
    """The business's end of a call's audio: says one tone, hears what comes."""

    def __init__(self, hertz: float):
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.ear = Ear()
        self.connection.addTrack(Tone(hertz))
        self.connection.on("track", self.ear.listen)

    async def answer(self, offer: str) -> str:
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return one_fingerprint(self.connection.localDescription.sdp)

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return one_fingerprint(self.connection.localDescription.sdp)

    async def take_answer(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        await self.connection.close()


def one_fingerprint(sdp: str) -> str:
    """As every business does that uses aiortc: WhatsApp takes one fingerprint, aiortc gives three."""
    lines = [
        line
        for line in sdp.splitlines()
        if not line.startswith(("a=fingerprint:sha-384", "a=fingerprint:sha-512"))
    ]
    return "\r\n".join(lines) + "\r\n"


class Business:
    """A server for webhooks and a client for the API, as pywa's documents put them together."""

    def __init__(self, env: dict[str, str]):
        self.env = env
        session = httpx.AsyncClient(timeout=PATIENCE)
        self.whatsapp = WhatsApp(
            phone_id=env["DIALTONE_PHONE_NUMBER_ID"],
            token=env["DIALTONE_ACCESS_TOKEN"],
            session=session,
            server=None,
            verify_token=env["DIALTONE_VERIFY_TOKEN"],
            waba_id=env["DIALTONE_WABA_ID"],
            app_id=env["DIALTONE_APP_ID"],
            app_secret=env["DIALTONE_APP_SECRET"],
            validate_updates=True,
        )
        # The one thing that a client of Meta's has to change.
        version = session.base_url.path.rstrip("/")
        session.base_url = env["DIALTONE_GRAPH_URL"] + version
        self.session = session
        self.updates: asyncio.Queue = asyncio.Queue()
        self.kept: list = []

        @self.whatsapp.on_call_connect
        async def connect(_, call: types.CallConnect) -> None:
            await self.updates.put(call)

        @self.whatsapp.on_call_terminate
        async def terminate(_, call: types.CallTerminate) -> None:
            await self.updates.put(call)

        @self.whatsapp.on_call_status
        async def status(_, call: types.CallStatus) -> None:
            await self.updates.put(call)

        @self.whatsapp.on_message
        async def message(_, message: types.Message) -> None:
            await self.updates.put(message)

        @self.whatsapp.on_message_status
        async def message_status(_, status: types.MessageStatus) -> None:
            await self.updates.put(status)

        @self.whatsapp.on_call_permission_update
        async def permission(_, reply: types.CallPermissionUpdate) -> None:
            await self.updates.put(reply)

    async def __aenter__(self) -> "Business":
        app = web.Application()
        app.router.add_get("/webhook", self._challenge)
        app.router.add_post("/webhook", self._update)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/webhook"
        return self

    async def __aexit__(self, *_) -> None:
        await self.runner.cleanup()
        await self.session.aclose()

    async def _challenge(self, request: web.Request) -> web.Response:
        text, status = await self.whatsapp.webhook_challenge_handler(
            vt=request.query.get(utils.HUB_VT), ch=request.query.get(utils.HUB_CH)
        )
        return web.Response(text=text, status=status)

    async def _update(self, request: web.Request) -> web.Response:
        body = await request.read()
        refused = await self.whatsapp.webhook_update_validator(
            body, request.headers.get(utils.HUB_SIG)
        )
        if refused:
            raise AssertionError(f"pywa refuses a webhook: {refused}")
        text, status = await self.whatsapp.webhook_update_handler(body)
        return web.Response(text=text, status=status)

    async def next(self, kind: type, call_id: str | None = None):
        """The next update of a kind, of one call; what else comes is kept for later."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for update in self.kept:
                    if isinstance(update, kind) and call_id in (None, update.id):
                        self.kept.remove(update)
                        return update
                self.kept.append(await self.updates.get())


def described(kind: str, sdp: str) -> SessionDescription:
    """What pywa calls a session description."""
    return SessionDescription.from_dict({"sdp_type": kind, "sdp": sdp})
