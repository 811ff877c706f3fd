//! Reading: what a business changes.

use types::template::{Category, Component, VariableNames};

use super::read::{components, fields, with_components, word};
use crate::ApiError;
use crate::subscriptions::Params;

/// What is to be changed of a template; nothing where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What it is for.
    pub category: Option<Category>,
    /// How its variables are called.
    pub variables: Option<VariableNames>,
    /// What it consists of.
    pub components: Option<Vec<Component>>,
}

impl Edit {
    /// Reads the parameters of `POST /{template_id}`.
    ///
    /// # Errors
    ///
    /// Code 100 that names the parameter; also if nothing is to be changed.
    pub fn parse(params: &Params) -> Result<Self, ApiError> {
        let params = with_components(params)?;
        let fields = fields(&params);
        let edit = Self {
            category: word(&fields, "category")?,
            variables: word(&fields, "parameter_format")?,
            components: components(&fields)?,
        };
        if edit.category.is_none() && edit.components.is_none() {
            return Err(ApiError::parameter(
                "Nothing is to be changed. Send components, category, or both.",
            ));
        }
        Ok(edit)
    }

    /// Whether parameters can mean that a template is to be changed.
    #[must_use]
    pub fn is_meant(params: &Params) -> bool {
        params.contains_key("components") || params.contains_key("category")
    }
}
