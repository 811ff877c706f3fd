"""Whether a business may call, as pywa asks for it and hears of it: messages, templates, settings, buttons."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import time

from pywa import errors
from pywa.types.calls import (
    CallbackPermissionStatus,
    CallDirection,
    CallHours,
    CallingSettings,
    CallingSettingsStatus,
    CallPermissionResponse,
    CallPermissionResponseSource,
    CallPermissions,
    CallPermissionStatus,
    Monday,
)
from pywa.types.message_status import MessageStatusType
from pywa.types import CallPermissionRequestButton, VoiceCallButton
from pywa.types import templates as t
from pywa_async import types

from business import Business
from control import Control

QUESTION = "May we ring you about your order?"


@asynccontextmanager
async def a_user_who_has_allowed_nothing(control: Control):
    """The user as after the first hello; what was allowed before is allowed again afterwards."""
    await control.forget()
    await control.writes("Where is my order?")
    try:
        yield
    finally:
        await control.consent(True)


async def permissions(business: Business) -> CallPermissions:
    """What `get_call_permissions` does, but for its slip: it leaves out an argument of its own API."""
    api, number = business.whatsapp.api, business.env["DIALTONE_PHONE_NUMBER_ID"]
    answer = await api.get_call_permissions(
        phone_id=number, user_wa_id=business.env["DIALTONE_USER_WA_ID"], recipient=None
    )
    return CallPermissions.from_dict(answer)


async def asked_by_message(business: Business, control: Control) -> None:
    """No permission, a request, its statuses, the answer, and what may be done then."""
    whatsapp, user = business.whatsapp, business.env["DIALTONE_USER_WA_ID"]
    async with a_user_who_has_allowed_nothing(control):
        hello = await business.next(types.Message)
        assert hello.text == "Where is my order?" and hello.from_user.wa_id == user, hello
        before = await permissions(business)
        assert before.permission.status == CallPermissionStatus.NO_PERMISSION, before
        may = {action.action_name: action.can_perform_action for action in before.actions}
        assert may == {"send_call_permission_request": True, "start_call": False}, may

        sent = await whatsapp.send_message(
            user, QUESTION, buttons=CallPermissionRequestButton(), tracker="order 7"
        )
        told = [await business.next(types.MessageStatus, sent.id) for _ in range(2)]
        stages = {status.status for status in told}
        assert stages == {MessageStatusType.SENT, MessageStatusType.DELIVERED}, told
        assert all(status.tracker == "order 7" for status in told), told
        await control.answers(sent.id, "temporary")
        reply = await business.next(types.CallPermissionUpdate)
        assert reply.response == CallPermissionResponse.ACCEPT, reply
        assert reply.response_source == CallPermissionResponseSource.USER_ACTION, reply
        assert reply.reply_to_message.id == sent.id, reply
        assert reply.expiration_timestamp and not reply.is_expired, reply

        after = await permissions(business)
        assert after.permission.status == CallPermissionStatus.TEMPORARY, after
        assert after.permission.expiration_time == reply.expiration_timestamp, after
        start = next(it for it in after.actions if it.action_name == "start_call")
        assert start.can_perform_action and start.limits[0].time_period == "PT24H", start
        try:
            await whatsapp.send_message(user, QUESTION, buttons=CallPermissionRequestButton())
        except errors.CallPermissionRequestLimitHit as refusal:
            assert refusal.code == 138009 and refusal.details, refusal
        else:
            raise AssertionError("two requests on one day were taken")


async def asked_by_template(business: Business, control: Control) -> None:
    """A template that asks: made, listed, sent, declined, and deleted."""
    whatsapp, user = business.whatsapp, business.env["DIALTONE_USER_WA_ID"]
    body = t.BodyText("Your order {{1}} is late. May we ring you about it?", "17")
    template = t.Template(
        name="late_order",
        language=t.TemplateLanguage.ENGLISH_US,
        category=t.TemplateCategory.UTILITY,
        components=[body, t.FooterText(text="Example Bakery"), t.CallPermissionRequestButton()],
    )
    created = await whatsapp.create_template(template)
    assert created.status == t.TemplateStatus.APPROVED, created
    listed = await whatsapp.get_templates(name="late_order")
    assert [it.id for it in listed] == [created.id], listed
    kinds = [type(it).__name__ for it in list(listed)[0].components]
    assert kinds == ["BodyText", "FooterText", "CallPermissionRequestButton"], kinds

    async with a_user_who_has_allowed_nothing(control):
        sent = await whatsapp.send_template(user, template=template, params=[body.params("17")])
        await control.answers(sent.id, "decline")
        reply = await business.next(types.CallPermissionUpdate)
        assert reply.response == CallPermissionResponse.REJECT and not reply, reply
        assert reply.reply_to_message.id == sent.id, reply

    assert (await whatsapp.delete_template("late_order")).success
    assert not list(await whatsapp.get_templates(name="late_order"))
    try:
        await whatsapp.send_template(user, template=template, params=[body.params("17")])
    except errors.TemplateNotExists as refusal:
        assert refusal.code == 132001, refusal
    else:
        raise AssertionError("a template was sent that is not there")


async def settings_are_read_and_changed(business: Business, control: Control) -> None:
    """What is read can be sent back as it is, as pywa's own example does, and what is changed stays."""
    whatsapp = business.whatsapp
    before = (await whatsapp.get_business_phone_number_settings()).calling
    assert before.status == CallingSettingsStatus.ENABLED, before
    assert (await whatsapp.update_business_phone_number_settings(calling=before)).success
    hours = CallHours(
        status=CallingSettingsStatus.ENABLED,
        timezone_id="Europe/Berlin",
        weekly_operating_hours=[Monday(open_time=time(8), close_time=time(17))],
    )
    change = CallingSettings(
        callback_permission_status=CallbackPermissionStatus.ENABLED, call_hours=hours
    )
    assert (await whatsapp.update_business_phone_number_settings(calling=change)).success
    after = (await whatsapp.get_business_phone_number_settings()).calling
    assert after.callback_permission_status == CallbackPermissionStatus.ENABLED, after
    assert after.call_hours.timezone_id == "Europe/Berlin", after
    assert after.status == CallingSettingsStatus.ENABLED, after

    back = CallingSettings(
        callback_permission_status=CallbackPermissionStatus.DISABLED,
        call_hours=replace(hours, status=CallingSettingsStatus.DISABLED),
    )
    assert (await whatsapp.update_business_phone_number_settings(calling=back)).success


async def a_button_is_pressed(business: Business, control: Control) -> None:
    """A call button, pressed on a phone: the call comes, and brings the payload along."""
    whatsapp, user = business.whatsapp, business.env["DIALTONE_USER_WA_ID"]
    await control.writes("Can I talk to somebody?")
    await whatsapp.send_message(
        user, "Of course.", buttons=VoiceCallButton(title="Ring us", ttl_minutes=60)
    )
    assert await pressed(business, control) is None

    template = t.Template(
        name="ring_us",
        language=t.TemplateLanguage.ENGLISH_US,
        category=t.TemplateCategory.UTILITY,
        components=[
            t.BodyText("We are there from eight to six."),
            t.Buttons(buttons=[t.VoiceCallButton(text="Ring us")]),
        ],
    )
    await whatsapp.create_template(template)
    payload = {"type": "payload", "payload": "order 7"}
    press = {"type": "button", "sub_type": "voice_call", "parameters": [payload]}
    await whatsapp.send_template(user, "ring_us", template.language, [press])
    assert await pressed(business, control) == "order 7"
    assert (await whatsapp.delete_template("ring_us")).success


async def pressed(business: Business, control: Control) -> str | None:
    """Presses the latest call button, declines the call, and gives the payload that came with it."""
    phone = await control.phone()
    await phone.order("button")
    call = await business.next(types.CallConnect)
    assert call.direction == CallDirection.USER_INITIATED, call
    raw = call.raw["entry"][0]["changes"][0]["value"]["calls"][0]
    assert (await call.reject()).success
    await business.next(types.CallTerminate, call.id)
    await phone.gone()
    return raw.get("cta_payload")


# Each with the way in which the business asks for its webhooks.
STORIES = [
    (asked_by_message, "waba"),
    (asked_by_template, "phone"),
    (settings_are_read_and_changed, "waba"),
    (a_button_is_pressed, "app"),
]
