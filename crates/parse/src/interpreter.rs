//! What the spelling at hand says. Whoever counts rows asks once for each spelling, so what was said before is not kept:
//! where it is asked for again, the row tells it again.

use crate::cells::{Cells, Sides};
use crate::interpret::interpret;
use crate::tables::Tables;
use ringback_model::{Detection, DetectionRef, RejectReason, Service};

/// Interprets rows, and remembers the last that was interpreted.
#[derive(Debug, Default)]
pub(crate) struct Interpreter {
    pub(crate) tables: Tables,
    /// The number of the spelling that was interpreted last, and what it says.
    last: Option<(u32, Detection)>,
}

/// A row that can be interpreted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'r> {
    pub(crate) cells: Cells<'r>,
    /// The number of its layout among those that the source mixes.
    pub(crate) bound: usize,
    /// The port of its detection.
    pub(crate) service: Option<Service>,
}

impl Interpreter {
    /// Interprets a row of these sides, whose spelling gets this number.
    ///
    /// # Errors
    /// Why the row says nothing that can be used.
    pub(crate) fn read(
        &mut self,
        subject: Subject<'_>,
        sides: Sides,
        number: u32,
    ) -> Result<DetectionRef<'_>, RejectReason> {
        let Subject { cells, bound, service } = subject;
        let detection = interpret(cells, bound, service, sides, &mut self.tables, &mut ())?;
        let (_, detection) = self.last.insert((number, detection));
        Ok(detection.with(&self.tables.symbols))
    }

    /// What a row says whose spelling has this number: it was interpreted once.
    pub(crate) fn said(&mut self, subject: Subject<'_>, number: u32) -> DetectionRef<'_> {
        if self.last.is_none_or(|(last, _)| last != number) {
            let sides = subject.cells.sides(subject.cells.direction());
            self.read(subject, sides, number).expect("a spelling says the same each time");
        }
        let (_, detection) = self.last.as_ref().expect("it was read");
        detection.with(&self.tables.symbols)
    }
}
