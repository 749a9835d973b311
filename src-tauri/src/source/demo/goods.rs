//! What the demo shop sells, and what is bought together.
//!
//! Names, categories and prices are made up.

/// A product: name, category, price in hundredths of the euro.
pub(super) type Good = (&'static str, &'static str, i64);

/// Goods that one recipe or one counter needs together. The first is what people come for.
pub(super) const BASKETS: [[Good; 4]; 24] = [
    [
        ("Istrian olive oil, 6 × 1 l", "Oil and vinegar", 8940),
        ("Sea salt flakes, 12 × 250 g", "Salt and spices", 3120),
        ("Sardines in olive oil, 48 × 125 g", "Fish", 7680),
        ("Capers in salt, 6 × 500 g", "Preserves", 2880),
    ],
    [
        ("Gorgonzola dolce, 1.5 kg", "Cheese", 2450),
        ("Walnut bread, frozen, 12 × 500 g", "Bakery", 2640),
        ("Fig mustard, 12 × 180 g", "Preserves", 3960),
        ("Grissini with rosemary, 24 × 125 g", "Bakery", 2980),
    ],
    [
        ("Espresso beans, 8 × 1 kg", "Coffee and tea", 12800),
        ("Oat drink for baristas, 12 × 1 l", "Dairy", 1980),
        ("Cane sugar sticks, 1000 × 4 g", "Baking", 1450),
        ("Amaretti, wrapped, 2 kg", "Sweets", 2760),
    ],
    [
        ("Spaghetti no. 5, 20 × 500 g", "Pasta and rice", 2240),
        ("San Marzano tomatoes, 6 × 2.5 kg", "Preserves", 3480),
        ("Parmigiano Reggiano 24 months, 4 kg", "Cheese", 7920),
        ("Basil pesto, 6 × 500 g", "Preserves", 3690),
    ],
    [
        ("Jamón ibérico, sliced, 20 × 100 g", "Meat", 15900),
        ("Manchego curado, 3 kg", "Cheese", 5640),
        ("Marcona almonds, salted, 3 kg", "Nuts and fruit", 5220),
        ("Quince paste, 12 × 300 g", "Preserves", 3360),
    ],
    [
        ("Feta in brine, 4 kg", "Cheese", 3480),
        ("Kalamata olives, 5 kg", "Preserves", 3890),
        ("Oregano, dried, 1 kg", "Salt and spices", 1690),
        ("Pita bread, frozen, 60 × 80 g", "Bakery", 2350),
    ],
    [
        ("Smoked salmon, sliced, 10 × 500 g", "Fish", 13900),
        ("Crème fraîche, 12 × 500 g", "Dairy", 2460),
        ("Dill, frozen, 10 × 250 g", "Salt and spices", 1920),
        ("Blinis, 20 × 16 pieces", "Bakery", 3180),
    ],
    [
        ("Brie de Meaux, 2.8 kg", "Cheese", 4280),
        ("Cornichons, 6 × 1 kg", "Preserves", 2870),
        ("Dijon mustard, 6 × 1 kg", "Preserves", 2340),
        ("Baguettes, part-baked, 40 × 280 g", "Bakery", 2760),
    ],
    [
        ("Tahini, 6 × 900 g", "Preserves", 3540),
        ("Chickpeas, dried, 10 kg", "Pasta and rice", 2190),
        ("Sumac, 1 kg", "Salt and spices", 1840),
        ("Thin flatbread, 30 × 400 g", "Bakery", 3270),
    ],
    [
        ("Basmati rice, 20 kg", "Pasta and rice", 4290),
        ("Red lentils, 10 kg", "Pasta and rice", 2380),
        ("Ghee, 6 × 1 kg", "Dairy", 6120),
        ("Garam masala, 1 kg", "Salt and spices", 2270),
    ],
    [
        ("Prosecco DOC, 6 × 0.75 l", "Wine and spirits", 4740),
        ("Bitter orange aperitif, 6 × 0.7 l", "Wine and spirits", 7260),
        ("Soda water, 24 × 0.2 l", "Drinks", 1380),
        ("Green olives with almonds, 3 kg", "Preserves", 2940),
    ],
    [
        ("Riesling dry, 6 × 0.75 l", "Wine and spirits", 5340),
        ("Tarte flambée bases, 50 pieces", "Bakery", 3450),
        ("Smoked bacon, diced, 5 kg", "Meat", 4180),
        ("Sour cream, 5 kg", "Dairy", 1560),
    ],
    [
        ("Egg tagliatelle, 12 × 500 g", "Pasta and rice", 3360),
        ("Porcini, dried, 500 g", "Preserves", 3990),
        ("Truffle butter, 12 × 80 g", "Dairy", 5280),
        ("Nebbiolo, 6 × 0.75 l", "Wine and spirits", 8340),
    ],
    [
        ("Soba noodles, 20 × 300 g", "Pasta and rice", 4180),
        ("Soy sauce, brewed, 6 × 1 l", "Oil and vinegar", 3870),
        ("Wasabi paste, 10 × 43 g", "Salt and spices", 2290),
        ("Nori sheets, 10 × 50", "Fish", 5460),
    ],
    [
        ("Coconut milk, 12 × 1 l", "Preserves", 2970),
        ("Green curry paste, 6 × 1 kg", "Salt and spices", 4260),
        ("Jasmine rice, 18 kg", "Pasta and rice", 3780),
        ("Fish sauce, 12 × 0.7 l", "Oil and vinegar", 3240),
    ],
    [
        ("Corn tortillas, 20 × 20", "Bakery", 3560),
        ("Black beans, 10 kg", "Pasta and rice", 2680),
        ("Chipotle in adobo, 12 × 220 g", "Preserves", 2890),
        ("Lime juice, 6 × 1 l", "Drinks", 2160),
    ],
    [
        ("Dark couverture 70 %, 10 kg", "Baking", 11800),
        ("Cream 35 %, 12 × 1 l", "Dairy", 4980),
        ("Vanilla pods, 100 g", "Baking", 4650),
        ("Candied orange peel, 3 kg", "Baking", 2970),
    ],
    [
        ("Flour type 00, 25 kg", "Baking", 2890),
        ("Fresh yeast, 12 × 500 g", "Baking", 1480),
        ("Mozzarella fior di latte, 3 kg", "Cheese", 2640),
        ("Pizza sauce, 3 × 5 kg", "Preserves", 2780),
    ],
    [
        ("Earl Grey, loose, 2 kg", "Coffee and tea", 5670),
        ("Butter shortbread, 24 × 150 g", "Sweets", 4780),
        ("Clotted cream, 24 × 40 g", "Dairy", 2430),
        ("Strawberry jam, 6 × 1 kg", "Preserves", 2760),
    ],
    [
        ("Turkish delight, 5 kg", "Sweets", 3980),
        ("Pistachios, peeled, 2 kg", "Nuts and fruit", 7840),
        ("Rose water, 12 × 250 ml", "Baking", 2540),
        ("Filo pastry, 20 × 400 g", "Bakery", 3120),
    ],
    [
        ("Dalmatian prosciutto, 5 kg", "Meat", 12900),
        ("Pag island cheese, 2.2 kg", "Cheese", 7480),
        ("Fig jam, 12 × 200 g", "Preserves", 4140),
        ("Malvasia from Istria, 6 × 0.75 l", "Wine and spirits", 5940),
    ],
    [
        ("Pierogi with potato, frozen, 6 kg", "Pasta and rice", 3260),
        ("Smoked kielbasa, 4 kg", "Meat", 4520),
        ("Sauerkraut, 10 kg", "Preserves", 1780),
        ("Horseradish, grated, 6 × 500 g", "Salt and spices", 2180),
    ],
    [
        ("Maple syrup, 6 × 1 l", "Sweets", 9840),
        ("Pancake mix, 10 kg", "Baking", 2690),
        ("Blueberries, frozen, 5 kg", "Nuts and fruit", 3870),
        ("Pecans, halves, 3 kg", "Nuts and fruit", 6240),
    ],
    [
        ("Takeaway boxes, 300 pieces", "Supplies", 3680),
        ("Napkins, unbleached, 2000", "Supplies", 2470),
        ("Paper bags with handles, 250", "Supplies", 3190),
        ("Wooden forks, 1000", "Supplies", 2260),
    ],
];

/// Goods that are bought for their own sake.
pub(super) const SINGLES: [Good; 24] = [
    ("Acacia honey, 12 × 500 g", "Sweets", 6480),
    ("Balsamic vinegar of Modena, 6 × 0.5 l", "Oil and vinegar", 4380),
    ("Beef bouillon, 5 kg", "Salt and spices", 3260),
    ("Butter, unsalted, 10 kg", "Dairy", 8790),
    ("Cashews, roasted, 3 kg", "Nuts and fruit", 4140),
    ("Cinnamon, ground, 1 kg", "Salt and spices", 1590),
    ("Cleaning vinegar, 2 × 5 l", "Supplies", 1270),
    ("Dried apricots, 5 kg", "Nuts and fruit", 4460),
    ("Duck confit, 6 × 1.3 kg", "Meat", 8940),
    ("Elderflower syrup, 6 × 0.7 l", "Drinks", 3360),
    ("Goat's cheese roll, 1 kg", "Cheese", 1890),
    ("Gherkins, 10 l", "Preserves", 2140),
    ("Grappa, 6 × 0.5 l", "Wine and spirits", 9960),
    ("Green tea, loose, 2 kg", "Coffee and tea", 4890),
    ("Marzipan, 5 kg", "Baking", 5230),
    ("Mineral water, 24 × 0.33 l", "Drinks", 1190),
    ("Octopus, frozen, 5 kg", "Fish", 9780),
    ("Pepper, black, whole, 1 kg", "Salt and spices", 2390),
    ("Polenta, 10 kg", "Pasta and rice", 1980),
    ("Pumpkin seed oil, 6 × 0.5 l", "Oil and vinegar", 7260),
    ("Rapeseed oil, 10 l", "Oil and vinegar", 2480),
    ("Risotto rice, 10 kg", "Pasta and rice", 3140),
    ("Salami with fennel, 3 kg", "Meat", 6380),
    ("Tuna in oil, 6 × 1.7 kg", "Fish", 8460),
];

/// How many goods there are.
pub(super) const COUNT: usize = BASKETS.len() * 4 + SINGLES.len();

/// The good of index `index`: the baskets one after the other, then the singles.
pub(super) fn good(index: usize) -> Good {
    let basket = BASKETS.get(index / 4).map(|basket| basket[index % 4]);
    basket.unwrap_or_else(|| SINGLES[(index - BASKETS.len() * 4) % SINGLES.len()])
}

/// The shop's number of the good, for example `P-1001`.
pub(super) fn key(index: usize) -> String {
    format!("P-{}", 1001 + index)
}
