//! Template messages that are refused for the reason that a code stands for.

use reqwest::Method;
use serde_json::{Value, json};

use crate::business::ADA;
use crate::customer::{Answer, Customer, Dialect, Wish, text};

pub(super) async fn one_parameter_of_two(dialect: Dialect) -> Answer {
    fill(dialect, &json!([body(&["P-204"])])).await
}

pub(super) async fn never_created(dialect: Dialect) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.sends_template(&json!([])).await
}

pub(super) async fn far_too_long(dialect: Dialect) -> Answer {
    let long = "tile ".repeat(250);
    fill(dialect, &json!([body(&["P-204", long.trim()])])).await
}

pub(super) async fn with_a_line_break(dialect: Dialect) -> Answer {
    fill(dialect, &json!([body(&["P-204", "tiles\nand grout"])])).await
}

/// Where the preset holds to Meta's list, which has no code of its own for it.
pub(super) async fn with_a_line_break_by_the_list(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.errors.template_whitespace = 132_007;
    })
    .await;
    customer.makes_template().await;
    let components = json!([body(&["P-204", "tiles\nand grout"])]);
    customer.sends_template(&components).await
}

pub(super) async fn a_blank_parameter(dialect: Dialect) -> Answer {
    fill(dialect, &json!([body(&["P-204", " "])])).await
}

pub(super) async fn a_button_that_is_not_there(dialect: Dialect) -> Answer {
    let payload = json!([{"type": "payload", "payload": "boiler 7"}]);
    let button = json!({"type": "button", "sub_type": "voice_call", "parameters": payload});
    fill(dialect, &json!([body(&["P-204", "tiles"]), button])).await
}

pub(super) async fn paused(dialect: Dialect) -> Answer {
    after(dialect, "pause").await
}

pub(super) async fn disabled(dialect: Dialect) -> Answer {
    after(dialect, "disable").await
}

pub(super) async fn one_too_many_in_an_hour(dialect: Dialect) -> Answer {
    let customer = Customer::start_with(dialect, |preset| {
        preset.templates.creations_per_hour = Some(1);
    })
    .await;
    customer.makes_template().await;
    let template = json!({
        "name": "another", "language": "en", "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Your parcel is here."}],
    });
    customer.post(Wish::Templates, &template).await
}

/// Sends the template with these components.
async fn fill(dialect: Dialect, components: &Value) -> Answer {
    let customer = Customer::start(dialect).await;
    customer.makes_template().await;
    customer.sends_template(components).await
}

/// Sends the template after the operator did something to it.
async fn after(dialect: Dialect, outcome: &str) -> Answer {
    let customer = Customer::start(dialect).await;
    let id = customer.makes_template().await;
    let path = format!("/templates/{id}/review");
    let review = json!({"outcome": outcome});
    customer.business.control(Method::POST, &path, review).await;
    let components = json!([body(&["P-204", "tiles"])]);
    customer.sends_template(&components).await
}

fn body(parameters: &[&str]) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|it| json!({"type": "text", "text": it}))
        .collect();
    json!({"type": "body", "parameters": parameters})
}

impl Customer {
    /// Makes a template whose body has two variables; gives its id.
    async fn makes_template(&self) -> String {
        let template = json!({
            "name": "parcel", "language": "en", "category": "UTILITY",
            "components": [{
                "type": "BODY", "text": "Your parcel {{1}} brings {{2}} today.",
                "example": {"body_text": [["P-1", "tiles"]]},
            }, {"type": "FOOTER", "text": "Acme Repairs"}],
        });
        let made = self.post(Wish::Templates, &template).await;
        assert_eq!(made.status, 200, "{}", made.body);
        text(&made.body["id"])
    }

    async fn sends_template(&self, components: &Value) -> Answer {
        let message = json!({
            "messaging_product": "whatsapp", "to": ADA, "type": "template",
            "template": {"name": "parcel", "language": {"code": "en"}, "components": components},
        });
        self.post(Wish::Message, &message).await
    }

    /// Makes a template that every outside cause can strike: marketing, with a picture.
    pub(super) async fn makes_media_template(&self) {
        let template = json!({
            "name": "sale", "language": "en", "category": "MARKETING",
            "components": [
                {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}},
                {"type": "BODY", "text": "Our spring sale is on."},
            ],
        });
        let made = self.post(Wish::Templates, &template).await;
        assert_eq!(made.status, 200, "{}", made.body);
    }

    /// Sends that template, which is taken and fails; gives the status that says so.
    pub(super) async fn fails(&self) -> Value {
        let picture = json!({"type": "image", "image": {"link": "https://acme.example/sale.png"}});
        let message = json!({
            "messaging_product": "whatsapp", "to": ADA, "type": "template",
            "template": {
                "name": "sale", "language": {"code": "en"},
                "components": [{"type": "header", "parameters": [picture]}],
            },
        });
        let sent = self.post(Wish::Message, &message).await;
        assert_eq!(sent.status, 200, "{}", sent.body);
        let id = text(&sent.body["messages"][0]["id"]);
        let mine = |value: &Value| value["statuses"][0]["id"] == id.as_str();
        let told = self.business.receiver.wait_for(|all| {
            let told = all.iter().find(|it| mine(it.value()));
            told.cloned()
        });
        told.await.value()["statuses"][0].clone()
    }
}
