//! Situations to which sources give different codes: the preset chooses one, and the title says what
//! happened even where the chosen code stands for something else in other documents.

use types::Preset;

use super::ErrorCode;

/// Something that has a code of the preset's choice (`wire.md` 6.1, 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Situation {
    /// A session description breaks a rule.
    SdpFault,
    /// A call after the permission, or the request for it, ran out.
    PermissionLapsed,
    /// A call beyond those of one temporary permission.
    CallsPerPermission,
    /// One call permission request too many.
    TooManyRequests,
    /// A free-form call permission request without an open window.
    RequestOutsideWindow,
    /// A call while calling is suspended for low quality.
    Restricted,
    /// Line breaks or rows of spaces in what stands for a template's variable.
    TemplateWhitespace,
}

impl Situation {
    /// Every situation.
    pub const ALL: [Self; 7] = [
        Self::SdpFault,
        Self::PermissionLapsed,
        Self::CallsPerPermission,
        Self::TooManyRequests,
        Self::RequestOutsideWindow,
        Self::Restricted,
        Self::TemplateWhitespace,
    ];

    /// The preset's code; where the table has no such code, the one of Meta's documents.
    #[must_use]
    pub fn code(self, preset: &Preset) -> ErrorCode {
        let chosen = match self {
            Self::SdpFault => preset.sdp.error_code,
            Self::PermissionLapsed => preset.errors.permission_lapsed,
            Self::CallsPerPermission => preset.errors.calls_per_permission,
            Self::TooManyRequests => preset.errors.too_many_requests,
            Self::RequestOutsideWindow => preset.errors.request_outside_window,
            Self::Restricted => preset.errors.restricted,
            Self::TemplateWhitespace => preset.errors.template_whitespace,
        };
        ErrorCode::from_code(chosen).unwrap_or_else(|| self.usual())
    }

    /// What an answer is titled that carries `code` for this.
    #[must_use]
    pub const fn title(self, code: ErrorCode) -> &'static str {
        match (self, code) {
            (Self::SdpFault, ErrorCode::InvalidParameter) => code.row().title,
            (Self::SdpFault, _) => ErrorCode::SdpValidation.row().title,
            (Self::PermissionLapsed, ErrorCode::NoCallPermission) => code.row().title,
            (Self::PermissionLapsed, _) => "Call permission expired",
            (Self::RequestOutsideWindow, ErrorCode::ReEngagement) => code.row().title,
            (Self::TemplateWhitespace, _) => code.row().title,
            (
                Self::CallsPerPermission
                | Self::TooManyRequests
                | Self::RequestOutsideWindow
                | Self::Restricted,
                _,
            ) => self.usual().row().title,
        }
    }

    /// The code that Meta's documents have for it, or had once.
    const fn usual(self) -> ErrorCode {
        match self {
            Self::SdpFault => ErrorCode::InvalidParameter,
            Self::PermissionLapsed => ErrorCode::NoCallPermission,
            Self::CallsPerPermission => ErrorCode::CallsPerPermissionLimit,
            Self::TooManyRequests => ErrorCode::PermissionRequestLimit,
            Self::RequestOutsideWindow => ErrorCode::PermissionRequestNotSent,
            Self::Restricted => ErrorCode::CallingRestricted,
            Self::TemplateWhitespace => ErrorCode::TemplatePolicy,
        }
    }
}
