//! Message templates from outside: read, checked, shown again, and filled in with whatever comes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::template::{check, fill};
use types::Timestamp;
use types::template::{Parameter, ParameterValue, TemplateCall};
use wire::templates::{Edit, ListQuery, d360_template, new_template, shown};

fuzz_target!(|body: &[u8]| {
    let Ok(params) = wire::json::object(body) else {
        return;
    };
    drop(Edit::parse(&params));
    drop(ListQuery::parse(&params));
    let template = match new_template(&params) {
        Ok(template) => template,
        Err(error) => {
            drop(format!("{error:?}"));
            return;
        }
    };
    let id = "1".parse().expect("a digit is an id");
    drop(d360_template(&id, "", &template, "PENDING", None));
    drop(shown(id, &template, "PENDING", None, Timestamp::EPOCH));
    if let Err(fault) = check(&template) {
        drop(fault.to_string());
        return;
    }
    let parameter = |text: &str| Parameter {
        name: None,
        value: ParameterValue::Text(text.to_owned()),
    };
    for count in 0..3 {
        let call = TemplateCall {
            name: template.name.clone(),
            language: template.language.clone(),
            header: (0..count).map(|_| parameter("{{1}}")).collect(),
            body: (0..count).map(|_| parameter("a b")).collect(),
            buttons: Vec::new(),
        };
        if let Err(unfit) = fill(&template, &call) {
            drop(unfit.to_string());
        }
    }
});
