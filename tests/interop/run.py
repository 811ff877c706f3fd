"""Whole calls between a business that others wrote (pywa, Meta's own SDK, aiortc) and users' phones.

Run by `cargo xtask test`; by hand, with an exchange that runs and its `export` lines pasted:
`python tests/interop/run.py`.
"""

import asyncio
import os
import sys

from pywa import errors
from pywa.types.calls import CallDirection, CallStatusType, CallTerminateStatus
from pywa_async import types

from audio import assert_tone
import consent
import sdk
from business import Business, Peer, described
from control import Control

BUSINESS_HZ, USER_HZ = 440, 600
HEAR_SECS = 2.0


async def a_user_calls_the_business(business: Business, control: Control) -> None:
    """pre_accept, accept, talk both ways, keys, and the user hangs up."""
    phone = await control.phone(say=f"tone:{USER_HZ}")
    peer = Peer(BUSINESS_HZ)
    await phone.order("dial", {"to": business.env["DIALTONE_DISPLAY_PHONE_NUMBER"]})
    call = await business.next(types.CallConnect)
    assert call.direction == CallDirection.USER_INITIATED, call.direction
    assert call.from_user.wa_id == business.env["DIALTONE_USER_WA_ID"]
    assert call.metadata.phone_number_id == business.env["DIALTONE_PHONE_NUMBER_ID"]
    assert call.session.sdp_type == "offer"
    answer = described("answer", await peer.answer(call.session.sdp))
    assert (await call.pre_accept(sdp=answer)).success
    await phone.until("remote_rings")
    assert (await call.accept(answer, tracker="order 17")).success
    await phone.until("accepted")
    assert_tone(await peer.ear.hear(HEAR_SECS), USER_HZ, BUSINESS_HZ)
    await phone.order("hangup")
    end = await business.next(types.CallTerminate, call.id)
    assert end.status == CallTerminateStatus.COMPLETED, end
    assert end.direction == CallDirection.USER_INITIATED
    assert end.duration >= int(HEAR_SECS) and end.start_time <= end.end_time, end
    assert end.tracker == "order 17" and end.error is None, end
    samples, rate = await phone.heard()
    assert_tone(samples[-rate:], BUSINESS_HZ, USER_HZ, rate)
    await peer.close()
    await phone.gone()
    record = await control.call(call.id)
    assert record["phase"] == "ended", record


async def the_business_calls_a_user(business: Business, control: Control) -> None:
    """connect, the answer by webhook, RINGING, ACCEPTED, talk, and the business hangs up."""
    phone = await control.phone(say=f"tone:{USER_HZ}")
    peer = Peer(BUSINESS_HZ)
    offer = described("offer", await peer.offer())
    user = business.env["DIALTONE_USER_WA_ID"]
    placed = await business.whatsapp.initiate_call(user, offer, tracker="reminder 4")
    call = await business.next(types.CallConnect, placed.id)
    assert call.direction == CallDirection.BUSINESS_INITIATED, call.direction
    assert call.session.sdp_type == "answer"
    await peer.take_answer(call.session.sdp)
    await phone.until("rings")
    ringing = await business.next(types.CallStatus, placed.id)
    assert ringing.status == CallStatusType.RINGING, ringing
    await phone.order("answer")
    accepted = await business.next(types.CallStatus, placed.id)
    assert accepted.status == CallStatusType.ACCEPTED, accepted
    assert accepted.tracker == "reminder 4", accepted
    assert_tone(await peer.ear.hear(HEAR_SECS), USER_HZ, BUSINESS_HZ)
    assert (await call.terminate()).success
    end = await business.next(types.CallTerminate, placed.id)
    assert end.status == CallTerminateStatus.COMPLETED and end.error is None, end
    assert end.duration >= int(HEAR_SECS) and end.tracker == "reminder 4", end
    await phone.until("ended")
    samples, rate = await phone.heard()
    assert_tone(samples[-rate:], BUSINESS_HZ, USER_HZ, rate)
    await peer.close()
    await phone.gone()


async def the_user_declines(business: Business, control: Control) -> None:
    """REJECTED, then terminate without a start."""
    phone = await control.phone(reject_after_ms=200)
    peer = Peer(BUSINESS_HZ)
    offer = described("offer", await peer.offer())
    placed = await business.whatsapp.initiate_call(business.env["DIALTONE_USER_WA_ID"], offer)
    await business.next(types.CallConnect, placed.id)
    kinds = [(await business.next(types.CallStatus, placed.id)).status for _ in range(2)]
    assert set(kinds) == {CallStatusType.RINGING, CallStatusType.REJECTED}, kinds
    end = await business.next(types.CallTerminate, placed.id)
    assert end.status == CallTerminateStatus.COMPLETED and end.start_time is None, end
    await peer.close()
    await phone.gone()


async def the_business_declines(business: Business, control: Control) -> None:
    """reject, and the user's phone hears of it."""
    phone = await control.phone(dial=business.env["DIALTONE_PHONE_NUMBER_ID"])
    call = await business.next(types.CallConnect)
    assert (await call.reject()).success
    end = await business.next(types.CallTerminate, call.id)
    assert end.start_time is None, end
    await phone.until("ended")
    await phone.gone()


async def a_call_without_permission(business: Business, control: Control) -> None:
    """The refusal arrives as pywa's own exception."""
    await control.consent(False)
    peer = Peer(BUSINESS_HZ)
    offer = described("offer", await peer.offer())
    try:
        await business.whatsapp.initiate_call(business.env["DIALTONE_USER_WA_ID"], offer)
    except errors.WhatsAppError as refusal:
        assert refusal.code == 138006, refusal
        assert refusal.details and refusal.fbtrace_id, refusal
    else:
        raise AssertionError("the call was placed without permission")
    finally:
        await control.consent(True)
        await peer.close()


async def a_wrong_answer_is_named(business: Business, control: Control) -> None:
    """Three fingerprints, as aiortc gives them unfiltered, are refused with the line; the call goes on."""
    phone = await control.phone(dial=business.env["DIALTONE_PHONE_NUMBER_ID"])
    call = await business.next(types.CallConnect)
    peer = Peer(BUSINESS_HZ)
    good = await peer.answer(call.session.sdp)
    try:
        await call.accept(described("answer", peer.connection.localDescription.sdp))
    except errors.WhatsAppError as refusal:
        assert refusal.code == 100 and "fingerprint" in refusal.details, refusal
    else:
        raise AssertionError("three fingerprints were taken")
    assert (await call.accept(described("answer", good))).success
    await phone.until("accepted")
    assert (await call.terminate()).success
    await business.next(types.CallTerminate, call.id)
    await peer.close()
    await phone.gone()


# Each with the way in which the business asks for its webhooks: all three that Meta has.
STORIES = [
    (a_user_calls_the_business, "waba"),
    (the_business_calls_a_user, "phone"),
    (the_user_declines, "app"),
    (the_business_declines, "waba"),
    (a_call_without_permission, "waba"),
    (a_wrong_answer_is_named, "phone"),
    *consent.STORIES,
    *sdk.STORIES,
]


async def subscribe(business: Business, scope: str) -> None:
    """Asks for webhooks as pywa does at its start; the exchange shakes hands with our endpoint."""
    whatsapp, token = business.whatsapp, business.env["DIALTONE_VERIFY_TOKEN"]
    match scope:
        case "waba":
            done = await whatsapp.override_waba_callback_url(business.url, token)
        case "phone":
            done = await whatsapp.override_phone_callback_url(business.url, token)
        case _:
            app, secret = int(business.env["DIALTONE_APP_ID"]), business.env["DIALTONE_APP_SECRET"]
            access = await whatsapp.get_app_access_token(app, secret)
            fields = ("messages", "calls")
            done = await whatsapp.set_app_callback_url(app, access, business.url, token, fields)
    assert done.success, done


async def unsubscribe(business: Business, scope: str) -> None:
    """Takes an override back, so that the next story's way is the one that counts."""
    match scope:
        case "waba":
            await business.whatsapp.delete_waba_callback_url()
        case "phone":
            await business.whatsapp.delete_phone_callback_url()


async def main() -> int:
    env = {name: value for name, value in os.environ.items() if name.startswith("DIALTONE_")}
    control = Control(env)
    failed = 0
    for story, scope in STORIES:
        try:
            async with Business(env) as business, asyncio.timeout(90):
                await subscribe(business, scope)
                await story(business, control)
                await unsubscribe(business, scope)
        except Exception as error:  # noqa: BLE001: every story gets its turn
            failed += 1
            print(f"FAILED {story.__name__}: {type(error).__name__}: {error}", flush=True)
            if "-v" in sys.argv:
                raise
        else:
            print(f"ok     {story.__name__}", flush=True)
    await control.close()
    print(f"{len(STORIES) - failed} of {len(STORIES)} stories passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
