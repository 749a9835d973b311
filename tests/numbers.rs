//! Telephone numbers against an independent reading of Google's metadata, over every region's example numbers
//! and numbers near them.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use ringside::number::{self, Region};
use rlibphonenumber::{PHONE_NUMBER_UTIL as ORACLE, PhoneNumber, PhoneNumberFormat, PhoneNumberType};

const KINDS: [PhoneNumberType; 10] = [
    PhoneNumberType::FixedLine,
    PhoneNumberType::Mobile,
    PhoneNumberType::TollFree,
    PhoneNumberType::PremiumRate,
    PhoneNumberType::SharedCost,
    PhoneNumberType::VoIP,
    PhoneNumberType::PersonalNumber,
    PhoneNumberType::Pager,
    PhoneNumberType::UAN,
    PhoneNumberType::VoiceMail,
];
/// Numbers tried near each example, its last digits drawn anew; those the oracle calls invalid are left out.
const NEAR: usize = 12;

/// A presentation of a number, the region it is read in, and how many of them were read wrongly.
#[derive(Default)]
struct Count {
    read: usize,
    wrong: Vec<String>,
}

#[test]
fn numbers_of_every_region_have_the_key_that_the_oracle_gives() {
    let mut counts: [(&str, Count); 6] =
        ["e164", "international", "rfc3966", "abroad", "idd", "national"].map(|name| (name, Count::default()));
    let mut samples = 0;
    for (region, sample) in samples_of_every_region() {
        samples += 1;
        let text = |format| ORACLE.format(&sample, format).into_owned();
        let elsewhere = Region::from_code(if region.code() == "US" { "BY" } else { "US" });
        let e164 = text(PhoneNumberFormat::E164);
        let presentations = [
            (e164.clone(), None),
            (text(PhoneNumberFormat::International), Some(region)),
            (text(PhoneNumberFormat::RFC3966), None),
            (e164.clone(), elsewhere),
            (
                ORACLE
                    .format_out_of_country_calling_number(&sample, oracle_region("GB"))
                    .into_owned(),
                Region::from_code("GB"),
            ),
            (text(PhoneNumberFormat::National), Some(region)),
        ];
        for ((_, count), (text, home)) in counts.iter_mut().zip(presentations) {
            check(count, &sample, &text, home);
        }
    }
    let (mut read, mut wrong) = (0, 0);
    for (name, count) in &counts {
        println!(
            "{name:13} {:6} read, {:3} wrong {:?}",
            count.read,
            count.wrong.len(),
            &count.wrong[..count.wrong.len().min(8)]
        );
        read += count.read;
        wrong += count.wrong.len();
    }
    println!(
        "{samples} numbers, {read} presentations, {wrong} wrong ({:.3} %)",
        100.0 * wrong as f64 / read as f64
    );
    assert!(samples > 5_000 && read > 5 * samples, "the oracle must have been asked");
    assert!(wrong * 1000 <= read, "more than 0.1 % wrong");
}

#[test]
fn numbers_are_shown_and_placed_as_the_oracle_does() {
    let (mut shown, mut placed, mut all) = (Vec::new(), Vec::new(), 0);
    for (_, sample) in samples_of_every_region() {
        let Ok(number) = number::read(&ORACLE.format(&sample, PhoneNumberFormat::E164), None) else {
            continue;
        };
        all += 1;
        let (ours, theirs) = (
            number::display(number.key),
            ORACLE.format(&sample, PhoneNumberFormat::International).into_owned(),
        );
        if ours != theirs {
            shown.push(format!("{ours} / {theirs}"));
        }
        let theirs = ORACLE.get_region_for_number(&sample).map(|region| region.to_string());
        let ours = number::country(number.key).map(|region| region.to_string());
        if ours != theirs {
            placed.push(format!("{} {ours:?} / {theirs:?}", number.key));
        }
    }
    println!(
        "{all} numbers: {} shown otherwise {:?}",
        shown.len(),
        &shown[..shown.len().min(8)]
    );
    println!(
        "{all} numbers: {} placed otherwise {:?}",
        placed.len(),
        &placed[..placed.len().min(8)]
    );
    assert!(all > 5_000);
    assert!(
        shown.len() * 200 <= all && placed.len() * 200 <= all,
        "more than 0.5 % differ"
    );
}

/// Reads a presentation that the oracle itself reads back, and compares the keys.
fn check(count: &mut Count, sample: &PhoneNumber, text: &str, home: Option<Region>) {
    let oracle_home = home.map(|region| oracle_region(region.code()));
    let read_back = ORACLE
        .parse(text, oracle_home)
        .ok()
        .filter(|back| digits(back) == digits(sample));
    if read_back.is_none() {
        return;
    }
    count.read += 1;
    let ours = number::read(text, home).map(|number| number.key.get().to_string());
    if ours.as_deref() != Ok(&digits(sample)) {
        count
            .wrong
            .push(format!("{text} in {home:?}: {ours:?}, not {}", digits(sample)));
    }
}

fn samples_of_every_region() -> Vec<(Region, PhoneNumber)> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut samples = Vec::new();
    for &region in Region::all() {
        for kind in KINDS {
            let Ok(example) = ORACLE.get_example_number_for_type_and_region(oracle_region(region.code()), kind) else {
                continue;
            };
            samples.extend(
                (0..NEAR)
                    .filter_map(|_| near(&example, &mut random))
                    .map(|number| (region, number)),
            );
            samples.push((region, example));
        }
    }
    samples.retain(|(_, number)| ORACLE.is_valid_number(number));
    samples
}

/// The number with up to four of its last digits drawn anew.
fn near(example: &PhoneNumber, random: &mut ChaCha8Rng) -> Option<PhoneNumber> {
    let mut digits = digits(example).into_bytes();
    let length = digits.len();
    for digit in &mut digits[length - random.random_range(1..=4)..] {
        *digit = random.random_range(b'0'..=b'9');
    }
    ORACLE.parse(format!("+{}", String::from_utf8(digits).ok()?), None).ok()
}

fn digits(number: &PhoneNumber) -> String {
    format!(
        "{}{}",
        number.country_code,
        rlibphonenumber::get_national_significant_number_owned(number)
    )
}

fn oracle_region(code: &str) -> rlibphonenumber::Region {
    code.parse().expect("a region of the oracle")
}
