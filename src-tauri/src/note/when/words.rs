//! Words of days and times in the languages of the desk, without their accents.

use chrono::Weekday;

use crate::config::Language;

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Says nothing: an article, a preposition, a greeting of grammar.
    Filler,
    /// A time of day comes.
    At,
    /// A distance comes: `in 2 hours`.
    In,
    Next,
    Today,
    Tomorrow,
    DayAfterTomorrow,
    Day(Weekday),
    Month(u32),
    Unit(Unit),
    Number(u32),
    /// Half past the hour before it (`y media`), or half an hour when a unit follows (`half an hour`).
    AndHalf,
    /// Half an hour before the hour behind it (`pola 5` is 4:30).
    HalfTo,
    Noon,
    Part(Part),
}

/// A unit of distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// A part of the day; which twelve hours are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Afternoon,
    Evening,
}

use Part::{Afternoon, Evening, Morning};
use Unit::{Day as Days, Hour, Minute, Month as Months, Week};
use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
use Word::{
    AndHalf, At, Day, DayAfterTomorrow, Filler, HalfTo, In, Month, Next, Noon, Number, Today, Tomorrow, Unit as U,
};

/// The word in that language; accents and case were taken away before.
pub(super) fn word(text: &str, language: Language) -> Option<Word> {
    let table: &[(&str, Word)] = match language {
        Language::En => &ENGLISH,
        Language::Es => &SPANISH,
        Language::Hr => &CROATIAN,
    };
    let found = table
        .iter()
        .find(|(words, _)| words.split(' ').any(|word| word == text));
    found.map(|(_, word)| *word)
}

#[rustfmt::skip]
const ENGLISH: [(&str, Word); 50] = [
    ("on the of and o clock past from now back call s st nd rd th", Filler),
    ("at", At), ("in", In), ("next", Next),
    ("today", Today), ("tomorrow tmrw tmw", Tomorrow), ("overmorrow", DayAfterTomorrow),
    ("monday mon", Day(Mon)), ("tuesday tue tues", Day(Tue)), ("wednesday wed", Day(Wed)),
    ("thursday thu thur thurs", Day(Thu)), ("friday fri", Day(Fri)), ("saturday sat", Day(Sat)), ("sunday sun", Day(Sun)),
    ("january jan", Month(1)), ("february feb", Month(2)), ("march mar", Month(3)), ("april apr", Month(4)),
    ("may", Month(5)), ("june jun", Month(6)), ("july jul", Month(7)), ("august aug", Month(8)),
    ("september sep sept", Month(9)), ("october oct", Month(10)), ("november nov", Month(11)), ("december dec", Month(12)),
    ("minute minutes min mins m", U(Minute)), ("hour hours h hr hrs", U(Hour)), ("day days d", U(Days)),
    ("week weeks w", U(Week)), ("month months", U(Months)),
    ("a an one", Number(1)), ("two", Number(2)), ("three", Number(3)), ("four", Number(4)), ("five", Number(5)),
    ("six", Number(6)), ("seven", Number(7)), ("eight", Number(8)), ("nine", Number(9)), ("ten", Number(10)),
    ("eleven", Number(11)), ("twelve", Number(12)),
    ("half", AndHalf), ("noon midday", Noon),
    ("morning am", Word::Part(Morning)), ("afternoon pm", Word::Part(Afternoon)), ("evening tonight", Word::Part(Evening)),
    ("fortnight", U(Week)), ("this", Filler),
];

#[rustfmt::skip]
const SPANISH: [(&str, Word); 50] = [
    ("el la los las de del y por este esta que", Filler),
    ("a", At), ("en dentro", In), ("proximo proxima viene siguiente", Next),
    ("hoy", Today), ("manana", Tomorrow), ("pasado", DayAfterTomorrow),
    ("lunes lun", Day(Mon)), ("martes mart", Day(Tue)), ("miercoles mie", Day(Wed)), ("jueves jue", Day(Thu)),
    ("viernes vie", Day(Fri)), ("sabado sab", Day(Sat)), ("domingo dom", Day(Sun)),
    ("enero ene", Month(1)), ("febrero feb", Month(2)), ("marzo mar", Month(3)), ("abril abr", Month(4)),
    ("mayo may", Month(5)), ("junio jun", Month(6)), ("julio jul", Month(7)), ("agosto ago", Month(8)),
    ("septiembre setiembre sep sept", Month(9)), ("octubre oct", Month(10)), ("noviembre nov", Month(11)), ("diciembre dic", Month(12)),
    ("minuto minutos min", U(Minute)), ("hora horas h hs", U(Hour)), ("dia dias", U(Days)),
    ("semana semanas", U(Week)), ("mes meses", U(Months)),
    ("un una uno", Number(1)), ("dos", Number(2)), ("tres", Number(3)), ("cuatro", Number(4)), ("cinco", Number(5)),
    ("seis", Number(6)), ("siete", Number(7)), ("ocho", Number(8)), ("nueve", Number(9)), ("diez", Number(10)),
    ("once", Number(11)), ("doce", Number(12)),
    ("media", AndHalf), ("mediodia", Noon),
    ("madrugada am", Word::Part(Morning)), ("tarde pm", Word::Part(Afternoon)), ("noche", Word::Part(Evening)),
    ("quincena", U(Week)), ("ese", Filler),
];

#[rustfmt::skip]
const CROATIAN: [(&str, Word); 51] = [
    ("i ovaj ovu ovaj oko na", Filler),
    ("u", At), ("za", In), ("iduci iducu iduca iduceg sljedeci sljedecu sljedeca sljedeceg", Next),
    ("danas", Today), ("sutra", Tomorrow), ("prekosutra", DayAfterTomorrow),
    ("ponedjeljak pon", Day(Mon)), ("utorak uto", Day(Tue)), ("srijeda srijedu sri", Day(Wed)), ("cetvrtak cet", Day(Thu)),
    ("petak pet", Day(Fri)), ("subota subotu sub", Day(Sat)), ("nedjelja nedjelju ned", Day(Sun)),
    ("sijecanj sijecnja sij", Month(1)), ("veljaca veljace velj", Month(2)), ("ozujak ozujka ozu", Month(3)),
    ("travanj travnja tra", Month(4)), ("svibanj svibnja svi", Month(5)), ("lipanj lipnja lip", Month(6)),
    ("srpanj srpnja srp", Month(7)), ("kolovoz kolovoza kol", Month(8)), ("rujan rujna ruj", Month(9)),
    ("listopad listopada lis", Month(10)), ("studeni studenog studenoga stu", Month(11)), ("prosinac prosinca pro", Month(12)),
    ("minuta minute minutu min", U(Minute)), ("sat sata sati h", U(Hour)), ("dan dana", U(Days)),
    ("tjedan tjedna tjedana", U(Week)), ("mjesec mjeseca mjeseci", U(Months)),
    ("jedan jedna jednu", Number(1)), ("dva dvije", Number(2)), ("tri", Number(3)), ("cetiri", Number(4)),
    ("sest", Number(6)), ("sedam", Number(7)), ("osam", Number(8)), ("devet", Number(9)), ("deset", Number(10)),
    ("jedanaest", Number(11)), ("dvanaest", Number(12)), ("petnaest", Number(15)), ("trideset", Number(30)),
    ("pola", HalfTo), ("podne", Noon),
    ("ujutro prijepodne jutro", Word::Part(Morning)), ("popodne poslijepodne", Word::Part(Afternoon)),
    ("navecer vecer veceras", Word::Part(Evening)),
    ("godine", Filler), ("zvati nazvati", Filler),
];
