//! What a source's plan says to people: all that a report needs of it.

use ringback_model::Message;
use ringback_parse::Plan;

/// What a source's plan says to people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) encoding: String,
    pub(crate) layout: DescribedLayout,
    /// What was noticed in its first bytes.
    pub(crate) notes: Vec<Message>,
    /// The zone of times that name none.
    pub(crate) zone: String,
    /// The line on which its rows start.
    pub(crate) first_line: u64,
}

/// What is said of a layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DescribedLayout {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Whether it was seen in an export.
    pub(crate) confirmed: bool,
}

impl Described {
    /// What a plan says.
    pub(crate) fn of(plan: &Plan) -> Self {
        let layout = plan.layout();
        Described {
            encoding: plan.encoding().to_owned(),
            layout: DescribedLayout {
                name: layout.name.as_str().to_owned(),
                title: layout.title.clone(),
                confirmed: layout.confirmed,
            },
            notes: plan.notes().to_vec(),
            zone: plan.zone().to_owned(),
            first_line: plan.data_start().line,
        }
    }
}
