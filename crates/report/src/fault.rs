//! What is said where the program fails while it makes an artefact, which costs that artefact alone.

/// What is said of a pack or an artefact in which the program failed.
pub(crate) const FAULT: &str = "a fault of the program stopped its making; nothing of it is written";

#[cfg(test)]
mod tests {
    use crate::{Artefact, Engine, EngineKind, Engines, Options, Pack, RenderError, write_artefact};
    use ringback_model::Report;
    use ringback_model::message::Keys;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    /// Fails in the way that its pack's title says.
    struct Failing;

    impl Engine for Failing {
        fn kind(&self) -> EngineKind {
            EngineKind::Text
        }

        fn render(&self, _: &Report, pack: &Pack, _: &Options) -> Result<Vec<Artefact>, RenderError> {
            let streamed = match pack.manifest.title.as_str() {
                "whole" => Artefact::new("a.md", "whole"),
                "late" => Artefact::stream("a.md", |sink| {
                    sink.write_all(b"half")?;
                    panic!("told to fail")
                }),
                _ => panic!("told to fail"),
            };
            Ok(vec![streamed.expect("the name may be written")])
        }
    }

    fn pack(title: &str) -> Pack {
        let text = format!(
            "schema = 1\nname = \"x\"\ntitle = \"{title}\"\nengine = \"text\"\n[[outputs]]\nfile = \"a.md\"\nentry = \"a\"\nescape = \"none\"\n"
        );
        let manifest = crate::Manifest::read(&text, |_| true).unwrap();
        Pack { manifest, files: BTreeMap::new(), from: Vec::new() }
    }

    /// Survives: a panic while an artefact is rendered or written | the pack is named, nothing of the artefact is left, and
    /// the others are made
    #[test]
    fn a_fault_in_an_artefact_costs_that_artefact_alone() {
        let (engines, report) = (Engines::new().with(Failing), crate::sample::report(Arc::new(Keys)));
        let dir = tempfile::tempdir().unwrap();
        for (title, made) in [("early", None), ("late", Some(false)), ("whole", Some(true))] {
            let pack = pack(title);
            let rendered = engines.render(&report, &pack, &Options::of(&pack.manifest));
            assert_eq!(rendered.is_ok(), made.is_some(), "{title}");
            let written = rendered.map_err(|error| error.to_string()).and_then(|all| {
                write_artefact(dir.path(), &all[0], false).map_err(|error| error.to_string())
            });
            assert_eq!(written.is_ok(), made == Some(true), "{title}: {written:?}");
            if let Err(told) = written {
                assert!(told.contains("a fault of the program"), "{told}");
                assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
            }
        }
    }
}
