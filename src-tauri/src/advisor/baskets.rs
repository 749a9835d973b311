//! The purchases of a shop as baskets: what one customer bought on one day.
//!
//! A day and not an order, because people who forget something order again an hour later. Baskets are numbered in the
//! order of time, so that what was known at a moment is a prefix of every list.

/// Widest customer, product and day that fit a packed line: 26, 22 and 16 bits.
const CUSTOMER_BITS: u32 = 26;
const PRODUCT_BITS: u32 = 22;
const DAY_BITS: u32 = 16;

/// A shop with more customers than this is read only in part.
pub const MOST_CUSTOMERS: u32 = 1 << CUSTOMER_BITS;
/// A shop with more products than this is read only in part.
pub const MOST_PRODUCTS: u32 = 1 << PRODUCT_BITS;

/// Days since 1970-01-01 in UTC.
pub type Day = i32;

/// Gathers purchases in any order: 8 bytes a line.
#[derive(Debug, Default)]
pub struct Gather {
    lines: Vec<u64>,
}

impl Gather {
    /// Room for `lines` lines.
    #[must_use]
    pub fn with_capacity(lines: usize) -> Self {
        Gather {
            lines: Vec::with_capacity(lines),
        }
    }

    /// Takes a line. Customers and products are small numbers from zero; a day before 1970 or after 2149 and a number
    /// that is too large are left out.
    pub fn add(&mut self, customer: u32, product: u32, day: Day) {
        let Ok(day) = u64::try_from(day) else { return };
        if day >> DAY_BITS == 0 && customer < MOST_CUSTOMERS && product < MOST_PRODUCTS {
            let (customer, product) = (u64::from(customer), u64::from(product));
            self.lines
                .push(day << (CUSTOMER_BITS + PRODUCT_BITS) | customer << PRODUCT_BITS | product);
        }
    }

    /// The baskets of all that was gathered.
    #[must_use]
    pub fn baskets(self) -> Baskets {
        let lines = sorted(self.lines);
        let mut baskets = Baskets::default();
        baskets.items.reserve_exact(lines.len());
        let mut previous = None;
        for line in lines {
            let head = line >> PRODUCT_BITS;
            if previous != Some(head) {
                baskets.open(
                    low(head, CUSTOMER_BITS),
                    Day::try_from(head >> CUSTOMER_BITS).unwrap_or(0),
                );
                previous = Some(head);
            }
            baskets.items.push(low(line, PRODUCT_BITS));
        }
        baskets.close();
        baskets
    }
}

/// In order, each once. Lines that came customer by customer, as stores keep them, need only be dealt out to their days; then
/// each basket is put in order by itself.
fn sorted(mut lines: Vec<u64>) -> Vec<u64> {
    let customer = |line: u64| low(line >> PRODUCT_BITS, CUSTOMER_BITS);
    if !lines.is_sorted_by_key(|&line| customer(line)) {
        lines.sort_unstable();
        lines.dedup();
        return lines;
    }
    let day = |line: u64| (line >> (CUSTOMER_BITS + PRODUCT_BITS)) as usize;
    let mut free = vec![0u32; (1 << DAY_BITS) + 1];
    for &line in &lines {
        free[day(line) + 1] += 1;
    }
    for at in 1..free.len() {
        free[at] += free[at - 1];
    }
    let mut dealt = vec![0u64; lines.len()];
    for line in lines {
        let place = &mut free[day(line)];
        dealt[*place as usize] = line;
        *place += 1;
    }
    for basket in dealt.chunk_by_mut(|a, b| a >> PRODUCT_BITS == b >> PRODUCT_BITS) {
        basket.sort_unstable();
    }
    dealt.dedup();
    dealt
}

fn low(bits: u64, count: u32) -> u32 {
    u32::try_from(bits & ((1 << count) - 1)).unwrap_or(u32::MAX)
}

/// All baskets in the order of time.
#[derive(Debug, Default)]
pub struct Baskets {
    /// The products of all baskets, basket after basket; within one ascending and each once.
    items: Vec<u32>,
    /// Where each basket begins in `items`, and where the last ends.
    starts: Vec<u32>,
    days: Vec<Day>,
    customers: Vec<u32>,
    of_customer: Lists,
    of_product: Lists,
}

impl Baskets {
    fn open(&mut self, customer: u32, day: Day) {
        self.starts.push(index(self.items.len()));
        self.customers.push(customer);
        self.days.push(day);
    }

    fn close(&mut self) {
        self.starts.push(index(self.items.len()));
        let customers = self.customers.iter().max().map_or(0, |&most| most + 1);
        let products = self.items.iter().max().map_or(0, |&most| most + 1);
        let baskets = || 0..self.number();
        let with = |basket| self.items(basket).iter().map(move |&product| (product, basket));
        let of_customer = Lists::of(customers, || baskets().map(|basket| (self.customer(basket), basket)));
        let of_product = Lists::of(products, || baskets().flat_map(with));
        (self.of_customer, self.of_product) = (of_customer, of_product);
    }

    /// How many there are.
    #[must_use]
    pub fn number(&self) -> u32 {
        index(self.days.len())
    }

    /// One more than the largest customer.
    #[must_use]
    pub fn customers(&self) -> u32 {
        self.of_customer.number()
    }

    /// One more than the largest product.
    #[must_use]
    pub fn products(&self) -> u32 {
        self.of_product.number()
    }

    /// How many lines all baskets have.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.items.len()
    }

    /// What is in a basket, ascending.
    #[must_use]
    pub fn items(&self, basket: u32) -> &[u32] {
        let at = basket as usize;
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// When it was bought.
    #[must_use]
    pub fn day(&self, basket: u32) -> Day {
        self.days[basket as usize]
    }

    /// Whose it is.
    #[must_use]
    pub fn customer(&self, basket: u32) -> u32 {
        self.customers[basket as usize]
    }

    /// The baskets of a customer, the oldest first.
    #[must_use]
    pub fn of_customer(&self, customer: u32) -> &[u32] {
        self.of_customer.get(customer)
    }

    /// The baskets with a product, the oldest first.
    #[must_use]
    pub fn of_product(&self, product: u32) -> &[u32] {
        self.of_product.get(product)
    }

    /// How many baskets are from before `day`: exactly the first so many.
    #[must_use]
    pub fn before(&self, day: Day) -> u32 {
        index(self.days.partition_point(|&one| one < day))
    }

    /// The day of the last basket; zero when there is none.
    #[must_use]
    pub fn last_day(&self) -> Day {
        self.days.last().copied().unwrap_or(0)
    }

    /// The day of the first basket; zero when there is none.
    #[must_use]
    pub fn first_day(&self) -> Day {
        self.days.first().copied().unwrap_or(0)
    }
}

/// For each of several owners a list of baskets.
#[derive(Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    baskets: Vec<u32>,
}

impl Lists {
    fn of<I: Iterator<Item = (u32, u32)>>(owners: u32, pairs: impl Fn() -> I) -> Self {
        let mut starts = vec![0u32; owners as usize + 1];
        for (owner, _) in pairs() {
            starts[owner as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut baskets = vec![0; starts.last().map_or(0, |&all| all as usize)];
        for (owner, basket) in pairs() {
            let free = &mut starts[owner as usize];
            baskets[*free as usize] = basket;
            *free += 1;
        }
        // each start now stands at its end, which is where the next one begins
        starts.pop();
        starts.insert(0, 0);
        Lists { starts, baskets }
    }

    fn number(&self) -> u32 {
        index(self.starts.len().saturating_sub(1))
    }

    fn get(&self, owner: u32) -> &[u32] {
        if owner >= self.number() {
            return &[];
        }
        let at = owner as usize;
        &self.baskets[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Lists are shorter than 2³² lines: 16 GiB would not fit the memory of a desktop.
pub(super) fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baskets(lines: &[(u32, u32, Day)]) -> Baskets {
        let mut gather = Gather::default();
        for &(customer, product, day) in lines {
            gather.add(customer, product, day);
        }
        gather.baskets()
    }

    #[test]
    fn what_a_customer_bought_on_one_day_is_one_basket_in_the_order_of_time() {
        let shop = baskets(&[(1, 5, 20), (0, 3, 10), (1, 2, 20), (1, 5, 20), (0, 3, 30)]);
        assert_eq!((shop.number(), shop.customers(), shop.products()), (3, 2, 6));
        assert_eq!(shop.items(1), [2, 5]);
        assert_eq!((shop.day(1), shop.customer(1)), (20, 1));
        assert_eq!(shop.of_customer(0), [0, 2]);
        assert_eq!(shop.of_product(3), [0, 2]);
        assert_eq!(shop.of_product(4), [] as [u32; 0]);
    }

    #[test]
    fn what_was_known_at_a_moment_is_a_prefix() {
        let shop = baskets(&[(0, 1, 10), (1, 1, 20), (2, 1, 20), (0, 1, 30)]);
        assert_eq!([5, 20, 21, 99].map(|day| shop.before(day)), [0, 1, 3, 4]);
    }

    #[test]
    fn a_line_that_cannot_be_numbered_is_left_out() {
        let shop = baskets(&[
            (0, 1, -1),
            (MOST_CUSTOMERS, 1, 5),
            (0, MOST_PRODUCTS, 5),
            (0, 1, 70_000),
        ]);
        assert_eq!((shop.number(), shop.lines(), shop.last_day()), (0, 0, 0));
        assert_eq!(shop.of_customer(7), [] as [u32; 0]);
    }

    #[test]
    fn lines_that_come_customer_by_customer_make_the_same_baskets_as_lines_in_any_order() {
        let mut lines: Vec<(u32, u32, Day)> = (0..500u32)
            .map(|nth| (nth * 7 % 11, nth * 13 % 29, Day::try_from(nth * 31 % 17).unwrap_or(0)))
            .collect();
        let any = baskets(&lines);
        lines.sort_by_key(|line| line.0);
        let sorted = baskets(&lines);
        assert_eq!((any.number(), any.lines()), (sorted.number(), sorted.lines()));
        for basket in 0..any.number() {
            let of = |shop: &Baskets| (shop.day(basket), shop.customer(basket), shop.items(basket).to_vec());
            assert_eq!(of(&any), of(&sorted));
        }
    }
}
