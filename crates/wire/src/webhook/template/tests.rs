//! What an account hears of its templates, in both shapes.

use serde_json::Value;
use types::template::VariableNames;

use super::*;

fn told(news: TemplateNews, shape: Shape) -> Value {
    let template = Template {
        name: "order_update".to_owned(),
        language: "en_US".to_owned(),
        category: Category::Utility,
        variables: VariableNames::Positional,
        components: Vec::new(),
    };
    let event = TemplateEvent::new(
        "102290129340398".parse().expect("an id"),
        "594425479261596".parse().expect("an id"),
        &template,
        Timestamp::from_secs(1_780_315_200),
        news,
    );
    serde_json::from_slice(&event.to_bytes(shape)).expect("JSON")
}

#[test]
fn a_rejection_with_its_reason() {
    let told = told(
        TemplateNews::Rejected(RejectReason::InvalidFormat),
        Shape::DocExact,
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&told).expect("JSON"));
}

#[test]
fn metas_page_explains_less() {
    let value = |news, shape| told(news, shape)["entry"][0]["changes"][0]["value"].clone();
    let scam = TemplateNews::Rejected(RejectReason::Scam);
    assert!(value(scam, Shape::Rich)["rejection_info"].is_object());
    assert!(value(scam, Shape::DocExact)["rejection_info"].is_null());
    assert!(value(TemplateNews::Paused, Shape::Rich)["other_info"].is_object());
    assert!(value(TemplateNews::Paused, Shape::DocExact)["other_info"].is_null());
    for shape in [Shape::Rich, Shape::DocExact] {
        let approved = value(TemplateNews::Approved, shape);
        assert_eq!(approved["reason"], "NONE");
        assert_eq!(approved["message_template_id"], 594_425_479_261_596_u64);
        assert!(value(TemplateNews::Disabled, shape)["disable_info"].is_object());
    }
}
