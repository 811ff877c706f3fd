//! Whole calls with real audio both ways.

use std::time::Duration;

use media::audio::{Clip, Mouthpiece, Probe, Tape};
use phone::PhoneEnd;
use phone::line::{FromPhone, ToPhone};

use crate::world::{World, call_id, soon, until, words};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_who_answers_after_3_s_speaks_presses_2_and_hangs_up() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let (hello, heard) = (
        folder.path().join("hello.wav"),
        folder.path().join("heard.wav"),
    );
    tape(440, 60)
        .write_wav(std::fs::File::create(&hello).unwrap())
        .unwrap();
    let phone = world
        .phone(&format!(
            "answer_after_ms = 3000\ncalls = 1\nrecord = {heard:?}\n\
             then = [{{ say = {hello:?} }}, {{ press = \"2\" }}, {{ hang_up = true }}]"
        ))
        .await;
    let mut line = world.accept().await;
    line.welcome(&[]).await;

    let mut business = world.offer(Mouthpiece::Loop(Clip::tone(600, 0.4)));
    line.ring(&call_id(), business.sdp.clone()).await;
    assert_eq!(line.hear().await, FromPhone::Ringing { call_id: call_id() });
    // Three seconds pass in no time.
    world.clock.advance(Duration::from_secs(3));
    let FromPhone::PickUp { sdp, .. } = line.hear().await else {
        panic!("it picks up")
    };
    world.apply_answer(business.leg, sdp);
    until(&phone, "hears_audio").await;
    line.say(ToPhone::Accepted { call_id: call_id() }).await;

    assert_eq!(business.digits(1).await, "2");
    assert_eq!(line.hear().await, FromPhone::HangUp { call_id: call_id() });
    line.ended(&call_id()).await;
    assert_eq!(soon(phone.join()).await, PhoneEnd::Left);
    line.closed().await;

    let story = words(&phone.story());
    assert_eq!(
        story.replace(" media_up hears_audio", ""),
        "online rings picked_up accepted says said pressed hung_up recorded ended"
    );
    // What each side heard of the other.
    let business_heard = business.heard.pcm();
    let said = Probe::new(&business_heard);
    let level = said.longest_tone_gap(440);
    assert!(level.is_some_and(|gap| gap <= GAP_MAX), "{level:?}");
    let phone_heard = phone.recording().heard.pcm();
    let gap = Probe::new(&phone_heard).longest_tone_gap(600);
    assert!(gap.is_some_and(|gap| gap <= GAP_MAX), "{gap:?}");
    let file = media::audio::read_pcm(&std::fs::read(&heard).unwrap()).unwrap();
    assert!(Probe::new(&file).tone_level(600) > 0.2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_who_dials_and_is_told_what_to_do() {
    let world = World::new().await;
    let phone = world.phone("").await;
    let mut line = world.accept().await;
    line.welcome(&[]).await;
    until(&phone, "online").await;

    phone.dial("+1 555 078 3881").await.unwrap();
    let FromPhone::Dial {
        dial_id, to, sdp, ..
    } = line.hear().await
    else {
        panic!("it dials")
    };
    assert_eq!(to, "+1 555 078 3881");
    let mut business = world.answer(&sdp, Mouthpiece::Echo);
    line.say(ToPhone::Dialing {
        dial_id,
        call_id: call_id(),
        sdp: business.sdp.clone(),
    })
    .await;
    line.say(ToPhone::RemoteRinging { call_id: call_id() })
        .await;
    until(&phone, "remote_rings").await;
    assert_eq!(phone.doing().state, "waiting");
    let refused = phone.press("1".parse().unwrap()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "nobody can hear it: both sides cannot talk now"
    );
    line.say(ToPhone::Accepted { call_id: call_id() }).await;
    until(&phone, "accepted").await;
    until(&phone, "media_up").await;

    phone.play("tone:1000".parse().unwrap()).await.unwrap();
    phone.press("12#".parse().unwrap()).await.unwrap();
    assert_eq!(business.digits(3).await, "12#");
    until(&phone, "pressed").await;
    business.control.press("9".parse().unwrap()).unwrap();
    until(&phone, "heard_digit").await;
    // The echo of what it says comes back.
    let heard = phone.recording().heard;
    let echo = async {
        while Probe::new(&heard.pcm()).longest_tone_gap(1_000).is_none() {
            tokio::task::yield_now().await;
        }
    };
    soon(echo).await;
    let refused = phone
        .play("no/such.wav".parse().unwrap())
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("no/such.wav cannot be read")
    );

    assert_eq!(phone.stop().await, PhoneEnd::Left);
    assert_eq!(line.hear().await, FromPhone::HangUp { call_id: call_id() });
    line.closed().await;
    assert_eq!(
        phone.dial("1").await.unwrap_err().to_string(),
        "the phone is gone"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_that_is_none_ends_the_call_and_not_the_phone() {
    let world = World::new().await;
    let phone = world.phone("answer_after_ms = 0").await;
    let mut line = world.accept().await;
    line.welcome(&[]).await;
    line.ring(&call_id(), "v=0\r\nnonsense".to_owned()).await;
    assert_eq!(line.hear().await, FromPhone::Ringing { call_id: call_id() });
    assert_eq!(line.hear().await, FromPhone::HangUp { call_id: call_id() });
    line.ended(&call_id()).await;
    let story = until(&phone, "ended").await;
    assert_eq!(words(&story), "online rings media_failed ended");
    assert_eq!(phone.doing().state, "idle");
}

fn tape(hz: u16, frames: u32) -> Tape {
    use media::audio::Track;
    let clip = Clip::tone(hz, 0.4);
    let mut tape = Tape::new();
    for (n, packet) in (0..frames).zip(clip.packets().iter().cycle()) {
        tape.packet(n * 960, packet);
    }
    tape
}

/// Media threads share two cores with everything else that is tested: a frame may be late, and the
/// keys take the place of audio.
const GAP_MAX: Duration = Duration::from_millis(300);
