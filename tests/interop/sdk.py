"""Meta's own SDK for Python: it posts forms, with lists and objects as their JSON text, and walks pages."""

import asyncio
from contextlib import contextmanager

from facebook_business.adobjects.application import Application
from facebook_business.adobjects.whatsappbusinessaccount import WhatsAppBusinessAccount
from facebook_business.api import FacebookAdsApi, FacebookSession
from facebook_business.exceptions import FacebookRequestError
from pywa.types.calls import CallTerminateStatus
from pywa_async import types

from business import Business, Peer
from control import Control

VERSION = "v24.0"
TEXT = {"type": "BODY", "text": "Hello {{1}}, your bread is ready.", "example": {"body_text": [["Ada"]]}}


class Sdk:
    """The SDK with the business's token, and with the app's own."""

    def __init__(self, env: dict[str, str]):
        self.env = env
        # The one thing that a client of Meta's has to change.
        FacebookSession.GRAPH = env["DIALTONE_GRAPH_URL"]
        self.api = self._api(env["DIALTONE_ACCESS_TOKEN"])
        self.account = WhatsAppBusinessAccount(env["DIALTONE_WABA_ID"], api=self.api)
        app, secret = env["DIALTONE_APP_ID"], env["DIALTONE_APP_SECRET"]
        self.app = Application(app, api=self._api(f"{app}|{secret}"))

    def _api(self, token: str) -> FacebookAdsApi:
        app, secret = self.env["DIALTONE_APP_ID"], self.env["DIALTONE_APP_SECRET"]
        return FacebookAdsApi(FacebookSession(app, secret, token), api_version=VERSION)

    def number(self, method: str, edge: str, **params) -> dict:
        """A request to the number, for which the SDK has no object."""
        path = (self.env["DIALTONE_PHONE_NUMBER_ID"], edge)
        return self.api.call(method, path, params=params).json()

    def send(self, edge: str, **params) -> dict:
        return self.number("POST", edge, messaging_product="whatsapp", **params)


@contextmanager
def refused(code: int, said: str):
    try:
        yield
    except FacebookRequestError as refusal:
        assert refusal.api_error_code() == code, refusal
        details = refusal.body()["error"]["error_data"]["details"]
        assert said in details, details
    else:
        raise AssertionError(f"{code} was expected")


async def metas_sdk_sets_things_up(business: Business, control: Control) -> None:
    """The account, its numbers and templates, and which webhooks the app gets."""
    await asyncio.to_thread(_set_up, Sdk(business.env), business)


def _set_up(sdk: Sdk, business: Business) -> None:
    account, number = sdk.account, business.env["DIALTONE_PHONE_NUMBER_ID"]
    assert account.api_get(fields=["id", "name", "currency"])["name"], "an account has a name"
    assert [it["id"] for it in account.get_phone_numbers()] == [number]
    with refused(100, "nonexisting field (telephone)"):
        account.api_get(fields=["telephone"])

    for name in ("sdk_one", "sdk_two"):
        made = {"name": name, "language": "en_US", "category": "UTILITY", "components": [TEXT]}
        assert account.create_message_template(params=made)["status"] == "APPROVED"
    wanted = {
        "name_or_content": "BREAD",
        "category": ["UTILITY", "MARKETING"],
        "status": ["APPROVED", "IN_APPEAL"],
        "limit": 1,
    }
    found = account.get_message_templates(params=wanted)
    assert [it["name"] for it in found] == ["sdk_two", "sdk_one"], "two pages of one"
    account.delete_message_templates(params={"name": "sdk_one"})
    account.delete_message_templates(params={"name": "sdk_two"})
    assert not list(account.get_message_templates(params=wanted))

    ask = {
        "object": "whatsapp_business_account",
        "callback_url": business.url,
        "verify_token": business.env["DIALTONE_VERIFY_TOKEN"],
        "fields": ["calls", "messages"],
    }
    fields = lambda: [it["name"] for row in sdk.app.get_subscriptions() for it in row["fields"]]
    sdk.app.create_subscription(params=ask)
    assert fields() == ["calls", "messages"], fields()
    with refused(100, "Did you mean calls?"):
        sdk.app.create_subscription(params=ask | {"fields": ["call"]})
    sdk.app.delete_subscriptions(params={"object": ask["object"], "fields": ["messages"]})
    assert fields() == ["calls"], fields()
    sdk.app.create_subscription(params=ask)


async def metas_sdk_writes_and_calls(business: Business, control: Control) -> None:
    """A message, permissions, settings, and a call that is given up."""
    sdk, user = Sdk(business.env), business.env["DIALTONE_USER_WA_ID"]
    await control.writes("Is my bread ready?")
    hello = await business.next(types.Message)
    text = {"body": "It is.", "preview_url": False}
    sent = await asyncio.to_thread(
        sdk.send, "messages", to=user, type="text", text=text, context={"message_id": hello.id}
    )
    assert sent["contacts"][0]["wa_id"] == user, sent
    assert sent["messages"][0]["id"].startswith("wamid."), sent

    calling = {"callback_permission_status": "DISABLED"}
    assert await asyncio.to_thread(sdk.number, "POST", "settings", calling=calling) == {"success": True}
    may = await asyncio.to_thread(sdk.number, "GET", "call_permissions", user_wa_id=user)
    assert may["permission"]["status"] == "permanent", may

    with refused(100, "SDP"):
        bad = {"sdp_type": "offer", "sdp": "v=0\r\n"}
        await asyncio.to_thread(sdk.send, "calls", action="connect", to=user, session=bad)
    phone, peer, tracker = await control.phone(), Peer(440), '{"order": 7}'
    offer = {"sdp_type": "offer", "sdp": await peer.offer()}
    placed = await asyncio.to_thread(
        sdk.send, "calls", action="connect", to=user, session=offer, biz_opaque_callback_data=tracker
    )
    call = placed["calls"][0]["id"]
    await business.next(types.CallConnect, call)
    done = await asyncio.to_thread(sdk.send, "calls", action="terminate", call_id=call)
    assert done == {"messaging_product": "whatsapp", "success": True}, done
    end = await business.next(types.CallTerminate, call)
    assert end.status == CallTerminateStatus.COMPLETED and end.tracker == tracker, end
    await peer.close()
    await phone.gone()


STORIES = [(metas_sdk_sets_things_up, "waba"), (metas_sdk_writes_and_calls, "waba")]
