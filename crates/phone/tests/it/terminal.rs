//! A phone in a terminal, typed at and read.

use media::audio::Mouthpiece;
use phone::PhoneEnd;
use phone::line::{FromPhone, ToPhone};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};

use crate::world::{World, call_id, soon};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_taken_by_hand() {
    let world = World::new().await;
    let phone = world.phone("").await;
    let (mut terminal, ours) = Terminal::new();
    let (input, output) = tokio::io::split(ours);
    let running = tokio::spawn(async move {
        phone::terminal::run(&phone, BufReader::new(input), output, false).await
    });

    let mut line = world.accept().await;
    line.welcome(&[]).await;
    terminal
        .reads("The phone is online. It can call Shop at +15550783881.")
        .await;
    let business = world.offer(Mouthpiece::Silence);
    line.ring(&call_id(), business.sdp.clone()).await;
    terminal
        .reads("The phone rings: Shop calls from +15550783881.")
        .await;
    terminal.types("anwser").await;
    terminal
        .reads("There is no `anwser`: did you mean `answer`?")
        .await;
    terminal.types("press 1").await;
    terminal
        .reads("Not done: nobody can hear it: both sides cannot talk now.")
        .await;
    terminal.types("answer").await;
    assert_eq!(line.hear().await, FromPhone::Ringing { call_id: call_id() });
    assert!(matches!(line.hear().await, FromPhone::PickUp { .. }));
    terminal.reads("Picked up.").await;
    line.say(ToPhone::Accepted { call_id: call_id() }).await;
    terminal.reads("Both sides can talk now.").await;
    terminal.types("status").await;
    terminal
        .reads("The phone is online and talking in call wacid.A.")
        .await;
    terminal.types("play tone:440").await;
    terminal.reads("Saying tone:440.").await;
    terminal.types("hangup").await;
    terminal.reads("Hung up.").await;
    assert_eq!(line.hear().await, FromPhone::HangUp { call_id: call_id() });
    line.ended(&call_id()).await;
    terminal
        .reads("The call is over (user_hung_up). The user hung up.")
        .await;
    terminal.types("quit").await;
    terminal.reads("The phone is gone.").await;
    assert_eq!(soon(running).await.unwrap().unwrap(), PhoneEnd::Left);
    line.closed().await;
}

struct Terminal {
    lines: tokio::io::Lines<BufReader<tokio::io::ReadHalf<DuplexStream>>>,
    keys: tokio::io::WriteHalf<DuplexStream>,
}

impl Terminal {
    fn new() -> (Self, DuplexStream) {
        let (here, there) = duplex(4_096);
        let (read, keys) = tokio::io::split(here);
        let lines = BufReader::new(read).lines();
        (Self { lines, keys }, there)
    }

    async fn types(&mut self, line: &str) {
        self.keys.write_all(line.as_bytes()).await.unwrap();
        self.keys.write_all(b"\n").await.unwrap();
    }

    /// Reads on until this sentence comes.
    async fn reads(&mut self, sentence: &str) {
        loop {
            let line = soon(self.lines.next_line()).await.unwrap();
            let line = line.expect("the terminal is gone");
            if line.ends_with(sentence) {
                return;
            }
        }
    }
}
