//! What a doctor says.

use super::*;
use serde_json::json;

fn said(findings: &[Finding]) -> Vec<(&str, Verdict)> {
    let said = findings.iter().map(|it| (it.check.as_str(), it.verdict));
    said.collect()
}

#[test]
fn a_token_that_is_not_taken_is_the_first_thing_to_mend() {
    let refused = json!({"error": {"message": "Invalid OAuth access token", "code": 190}});
    let findings = of_settings(&Ok((401, refused)));
    assert_eq!(said(&findings), [("token", Verdict::Wrong)]);
    assert!(findings[0].message.contains("whatsapp_business_messaging"));

    let unknown = json!({"error": {"message": "Unsupported get request", "code": 100}});
    let findings = of_settings(&Ok((400, unknown)));
    assert!(
        findings[0].message.contains("phone_number_id"),
        "{findings:?}"
    );
    assert_eq!(
        said(&of_settings(&Err("no answer".to_owned()))),
        [("token", Verdict::Unknown)]
    );
}

#[test]
fn calling_must_be_switched_on() {
    let calling = |status: &str| {
        let body = json!({"calling": {"status": status}});
        of_settings(&Ok((200, body)))[1].verdict
    };
    assert_eq!(calling("ENABLED"), Verdict::Fine);
    assert_eq!(calling("DISABLED"), Verdict::Wrong);
    assert_eq!(
        of_settings(&Ok((200, json!({}))))[1].verdict,
        Verdict::Unknown
    );
}

#[test]
fn the_most_specific_callback_counts() {
    let ours: Url = "https://calls.example.org/webhook".parse().unwrap();
    let verdict = |body: Value, callback| of_webhooks(&Ok((200, body)), callback).verdict;
    let graph = json!({"webhook_configuration": {
        "whatsapp_business_account": "https://calls.example.org/webhook",
        "application": "https://elsewhere.example.org/",
    }});
    assert_eq!(verdict(graph.clone(), Some(&ours)), Verdict::Fine);
    assert_eq!(verdict(graph, None), Verdict::Doubtful);
    let d360 = json!({"url": "https://elsewhere.example.org/"});
    assert_eq!(verdict(d360, Some(&ours)), Verdict::Wrong);
    assert_eq!(verdict(json!({}), Some(&ours)), Verdict::Wrong);
}

#[test]
fn addresses_that_nobody_reaches_are_doubtful() {
    let verdict = |addresses: &[&str]| {
        let addresses: Vec<IpAddr> = addresses.iter().map(|it| it.parse().unwrap()).collect();
        of_addresses(&addresses).verdict
    };
    assert_eq!(verdict(&[]), Verdict::Wrong);
    assert_eq!(verdict(&["127.0.0.1", "::1"]), Verdict::Doubtful);
    assert_eq!(
        verdict(&["192.168.1.7", "100.64.0.1", "fd00::1"]),
        Verdict::Doubtful
    );
    assert_eq!(verdict(&["192.168.1.7", "203.0.113.9"]), Verdict::Fine);
}
