//! The face that the program shows to whoever drives it from outside: addresses, ids and tokens by
//! fixed names, the same in the file, in the printed `export` lines and in the flags of our commands.

use url::Url;

use crate::config::World;
use crate::secret::Secret;

/// What there is to know from outside.
#[derive(Debug, Clone)]
pub struct Face {
    /// The public listener, without a trailing slash.
    pub public: String,
    /// The control API, with its path.
    pub control: String,
    /// The world, complete.
    pub world: World,
}

impl Face {
    /// The face of an exchange on these addresses.
    #[must_use]
    pub fn new(public: &Url, control: &Url, world: World) -> Self {
        let bare = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
        Self {
            public: bare(public),
            control: format!("{}/control/v1", bare(control)),
            world,
        }
    }

    /// The lines of the file, in a fixed order. What there are several of is named by the first.
    #[must_use]
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let world = &self.world;
        let mut lines = vec![
            ("DIALTONE_GRAPH_URL", self.public.clone()),
            ("DIALTONE_D360_URL", self.public.clone()),
            ("DIALTONE_CONTROL_URL", self.control.clone()),
        ];
        let secret = |secret: &Option<Secret>| {
            secret
                .as_ref()
                .map(|it| it.reveal().to_owned())
                .unwrap_or_default()
        };
        if let Some(waba) = world.wabas.first() {
            lines.push(("DIALTONE_WABA_ID", waba.id.to_string()));
        }
        if let Some(number) = world.numbers.first() {
            lines.push(("DIALTONE_PHONE_NUMBER_ID", number.id.to_string()));
            lines.push((
                "DIALTONE_DISPLAY_PHONE_NUMBER",
                number.display_phone_number.to_string(),
            ));
        }
        if let Some(app) = world.apps.first() {
            lines.push(("DIALTONE_APP_ID", app.id.to_string()));
            lines.push(("DIALTONE_ACCESS_TOKEN", secret(&app.access_token)));
        }
        if let Some(number) = world.numbers.first() {
            lines.push(("DIALTONE_D360_API_KEY", secret(&number.d360_api_key)));
        }
        if let Some(app) = world.apps.first() {
            lines.push(("DIALTONE_APP_SECRET", secret(&app.secret)));
            lines.push(("DIALTONE_VERIFY_TOKEN", secret(&app.verify_token)));
        }
        if let Some(user) = world.users.first() {
            lines.push(("DIALTONE_USER_WA_ID", user.wa_id.to_string()));
        }
        lines
    }

    /// The phone page of the first user, ready to ring.
    #[must_use]
    pub fn phone_page(&self) -> Option<String> {
        let user = self.world.users.first()?;
        let token = user.phone_token.as_ref()?;
        Some(format!(
            "{}/phone/?wa_id={}&token={}",
            self.public,
            user.wa_id,
            token.reveal()
        ))
    }
}
