"""The hand-written word lists of the starter's world, and their split into training and held-out words.

`Words.train` is what the corpus and the training prompts use; `Words.held_out` appears in no
training text at all and makes the evaluation prompts. Lists without held-out words are plain tuples.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A list of which every `every`-th entry is held out."""

    all: tuple[str, ...]
    every: int

    @property
    def train(self) -> tuple[str, ...]:
        return tuple(word for i, word in enumerate(self.all) if i % self.every != self.every - 1)

    @property
    def held_out(self) -> tuple[str, ...]:
        return tuple(word for i, word in enumerate(self.all) if i % self.every == self.every - 1)

    def of(self, held_out: bool) -> tuple[str, ...]:
        return self.held_out if held_out else self.train


def one_word(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.split()))


def listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.replace("\n", " ").split(",") if part.strip()))


NAMES = Words(one_word("""
Aaron Abdul Ada Adam Adele Agnes Ahmed Aiko Alan Albert Alessia Alice Alma Amara Amir Ana Andrea Andrew Anita Anton
Arjun Astrid Aya Barbara Beatrix Ben Bianca Birgit Boris Brenda Bruno Carla Carlos Carmen Cecilia Chen Chiara Clara
Claire Colin Conrad Dagmar Daniel Daria David Denis Diana Diego Dilan Dominik Dora Edgar Edith Elena Elias Elif Elisa
Ella Emil Emma Enzo Erik Erin Esra Esther Eva Fabian Farid Fatima Felix Fiona Flora Frank Frida Gabor George Gerda
Gina Giulia Greta Gustav Hamid Hana Hannah Harald Hassan Hedda Heidi Helen Henry Hiro Hugo Ida Igor Ilse Imran Ines
Ingrid Irene Isabel Ivan Jakob Jamal James Jan Jana Jasmin Jean Jelena Jens Joan Joel Johan Jonas Jorge Josef Judith
Julia Kamal Karin Karl Katja Keiko Kenji Kofi Lara Lars Laura Layla Lea Leif Lena Leon Leyla Liam Lidia Lina Linh Lisa
Lorenz Louis Lucas Lucia Luisa Maja Malik Manuel Marek Maria Mariam Marta Martin Mateo Mathilda Maya Mehmet Mei Mia
Milan Mina Mira Mohan Monika Moritz Nadia Naomi Natasha Nils Nina Noah Nora Nuria Olaf Oleg Olga Oliver Omar Oscar
Otto Pablo Paolo Patrick Paula Pedro Petra Pia Piotr Priya Rafael Rahel Ralf Ravi Rebecca Rita Robert Rosa Ruben Ruth
Sabine Salma Samir Samuel Sandra Sara Selim Senta Silas Simon Sofia Sonja Stefan Sunita Susan Svea Tamara Tariq Tessa
Theo Thomas Tibor Tilda Tomas Tova Udo Ulrike Ursula Valentin Vera Victor Viola Walter Wanda Wei Yara Yasmin Yuki Yusuf
Zainab Zoe Zoran
"""), 6)

SURNAMES = Words(one_word("""
Abbott Adler Almeida Andersson Aoki Bakker Baranov Becker Bergman Bianchi Blum Brandt Caruso Castillo Chandra Cohen
Costa Dahl Delgado Demir Dubois Eklund Engel Falk Farkas Ferrari Fischer Fontaine Fujita Garcia Geller Gomez Gruber
Haas Haddad Hansen Hartmann Hoffman Holm Horvat Hughes Ibrahim Ivanova Jansen Jensen Kaplan Kato Keller Khan Kim
Klein Kovac Kramer Kumar Larsen Lehmann Lindqvist Lopez Maier Marino Martinez Mendoza Meyer Moreau Mueller Nakamura
Nielsen Novak Okafor Olsen Orlov Ortega Osman Parker Patel Pereira Popov Quist Ramos Reyes Ricci Romano Rossi Sandberg
Santos Sato Schmidt Schulz Silva Singh Sommer Stein Suzuki Tanaka Torres Ueda Varga Vogel Wagner Watanabe Weiss Winter
Wolff Yamada Yilmaz Zeller Ziegler
"""), 6)

CITIES = Words(one_word("""
Aarhus Antwerp Athens Augsburg Basel Bergen Berlin Bilbao Bologna Bordeaux Bremen Brno Brussels Bucharest Budapest
Cardiff Cologne Cork Dresden Dublin Erfurt Florence Gdansk Geneva Genoa Ghent Glasgow Graz Hamburg Hanover Helsinki
Innsbruck Kassel Krakow Leeds Leipzig Liege Lille Linz Lisbon Ljubljana Lodz Lucerne Lyon Madrid Malmo Mannheim
Marseille Milan Munich Nantes Naples Odense Oslo Padua Palermo Porto Poznan Prague Riga Rostock Rotterdam Salzburg
Seville Sofia Stuttgart Tallinn Tampere Toulouse Trieste Turin Ulm Utrecht Valencia Verona Vienna Vilnius Warsaw
Zagreb Zurich
"""), 6)

COMPANIES = Words(one_word("""
Albrex Ambalux Arcodan Barvik Belmora Brixo Calvero Cintara Cordex Dalmira Delphon Dortek Elbrum Endura Falcora Ferrotek
Fintara Galvix Gremor Halden Helvora Hydrano Indrex Jastrom Kalmit Kelvora Korbex Landis Lumetra Magrad Marvox Mintal
Norvex Nuvara Oltrex Orbinda Palmex Pentara Quendo Radix Rentor Salvara Sintex Solbrig Tarmac Teklund Tornax Ultrin
Valdor Ventara Vexum Wendex Xantor Yorvik Zelmar
"""), 6)

MACHINES = Words(listed("""
pump, compressor, conveyor, lathe, milling machine, mixer, boiler, crane, forklift, packing machine, labeller,
welding robot, paint booth, drill press, furnace, dryer, chiller, filling line, shrink wrapper, palletiser, hoist,
grinder, band saw, extruder, centrifuge, sorter, dust collector, cutting table, bottling line, capping machine,
floor scale, laser cutter, bending machine, riveter, stamping press, injection press, kneader, oven, cooling tower,
generator, turbine, water softener, degreaser, sandblaster, deburring machine, polishing machine, strapping machine,
vacuum lifter, pallet wrapper, loading ramp, screw feeder, bucket elevator, pellet mill, shredding line, rolling mill,
glue machine, folding machine, sewing machine, weaving loom, spinning frame, steam cleaner, tank washer, separator,
homogeniser, autoclave, peeling machine, slicer, bagging machine, carton erector, inkjet coder, metal detector
"""), 6)

DEVICES = Words(listed("""
printer, scanner, copier, projector, paper shredder, coffee machine, badge reader, router, docking station,
franking machine, label printer, ticket machine, door opener, air conditioner, lift, water cooler, vending machine,
dishwasher, microwave, toaster, telephone, headset, intercom, time clock, plotter, laminator, binding machine,
whiteboard, conference camera, microphone, loudspeaker, fax, tablet, server rack, key cabinet, bicycle rack,
barrier, turnstile, hand dryer, space heater, desk lamp, blind, refrigerator, kettle, juice press, letter opener,
card terminal, alarm panel, smoke detector, elevator door, dehumidifier, air purifier
"""), 6)

PLACES = Words(listed("""
hall, room, workshop, warehouse, canteen, freezer room, paint shop, tool room, control room, loading bay, boiler house,
laboratory, archive, mail room, reception, break room, test bay, packing area, assembly area, foundry, press shop,
machine shop, tank farm, yard, garage, gatehouse, server room, basement, attic, meeting room, training centre,
print room, first aid room, laundry, locker room, greenhouse, silo, courtyard, showroom, sample room, spray cabin,
drying room, weighing room, switch room, waste yard, library, cloakroom, copy corner, kitchen, terrace
"""), 6)
NUMBERED_PLACES = ("hall", "room", "workshop", "warehouse", "loading bay", "test bay", "meeting room", "silo", "press shop")

TEAMS = listed("""
the early shift, the late shift, the night shift, maintenance, quality control, accounting, purchasing, logistics,
human resources, sales, planning, the help desk, the cleaning crew, the apprentices, the lab team, the works council,
facility management, the drawing office, dispatch, customer service
""")

PARTS = Words(listed("""
bearing, belt, seal, hose, valve, filter, fuse, cable, sensor, switch, motor, fan, gear, chain, roller, spring, nozzle,
gasket, coupling, relay, plug, connector, blade, bolt, screw, clutch, brake pad, shaft, piston, thermostat, gauge,
pulley, drum, paper tray, cartridge, lamp holder, battery, circuit board, transformer, flange, bracket, hinge, lever,
limit switch, impeller, rotor, spindle, chuck, hopper, clamp, keypad, display, charger, antenna, power supply, crank,
washer, pin, guide rail, end stop, encoder, solenoid, pipe, elbow, manifold, bushing, sprocket, worm wheel, diaphragm,
capacitor, heating coil, condenser, ignition cable, latch, door lock, touch panel, suction cup, gripper, scraper, tooth
"""), 6)

SUPPLIES = Words(listed("""
gloves, helmets, goggles, earplugs, overalls, boots, aprons, dust masks, face shields, harnesses, labels, toner,
envelopes, folders, notebooks, pencils, staples, paper clips, printer paper, sticky notes, markers, calendars,
light bulbs, fire hoses, extension leads, screwdrivers, spanners, hammers, pliers, wrenches, drill bits, saw blades,
sandpaper, grease, engine oil, coolant, solvent, glue, tape, rope, straps, pallets, cartons, foam sheets, plastic film,
nuts, rivets, nails, dowels, wire, copper tubes, steel rods, aluminium sheets, rubber mats, paint, primer,
varnish, cleaning rags, brushes, mops, buckets, soap, paper towels, bin liners, coffee beans, tea bags, milk, sugar,
napkins, cups, plates, chairs, desks, shelves, lockers, keyboards, webcams, monitors, adapters, padlocks, ladders,
torches, first aid kits, bandages, fire blankets, warning signs, floor tape, hand trucks
"""), 6)

EVENTS = Words(listed("""
safety training, fire drill, audit, team meeting, stocktaking, first aid course, workshop day, shift handover, job interview,
plant tour, budget review, machine inspection, summer party, lecture, welding course, forklift course, eye test,
flu vaccination, works meeting, product launch, supplier visit, customer visit, factory tour, kick-off, quality review,
apprentice day, blood donation, spring cleaning, evacuation drill, computer course, language course, crane test,
noise measurement, data protection course, farewell lunch, birthday breakfast, project review, night school,
ladder check, sales meeting
"""), 6)

HOBBIES = listed("""
football, handball, chess, fishing, knitting, gardening, choir practice, dancing, sailing, cycling, running, climbing,
painting, pottery, photography, baking, camping, hiking, skiing, swimming, table tennis, yoga, karate, badminton,
beekeeping, woodwork, bird watching, crossword puzzles, card games, model trains, stamp collecting, violin lessons
""")

ANIMALS = one_word("""
cat dog parrot hamster rabbit horse pony goat sheep goose duck hen rooster tortoise hedgehog squirrel fox badger deer
owl pigeon sparrow swallow crow raven stork heron magpie woodpecker bat mole mouse frog toad newt lizard snail beetle
butterfly dragonfly cricket ladybird bumblebee spider goldfish carp donkey puppy kitten
""")

GARDEN = one_word("""
tulips roses daisies lilies orchids violets peonies dahlias sunflowers daffodils pansies marigolds geraniums hydrangeas
lavender rosemary thyme basil parsley chives dill mint sage cabbages pumpkins cucumbers radishes carrots beetroots leeks
onions strawberries raspberries gooseberries currants cherries plums pears apples apricots figs grapes
""")

WEATHER = listed("""
rain, snow, fog, hail, thunder, sleet, frost, drizzle, a storm, sunshine, black ice, a heatwave, mist, a gale, showers
""")

INGREDIENTS = Words(one_word("""
lentil potato carrot tomato pumpkin mushroom spinach broccoli cauliflower leek onion bean pea chickpea barley rice
noodle chicken turkey beef pork lamb veal salmon trout herring cod tuna shrimp crab egg cheese cream butter herb garlic
pepper paprika ginger curry coconut almond walnut hazelnut apple pear plum cherry apricot raspberry strawberry lemon
orange banana peach rhubarb poppy cinnamon vanilla chocolate caramel honey maple cabbage celery fennel beetroot radish
cucumber courgette aubergine corn olive feta mozzarella parmesan bacon ham sausage tofu quinoa couscous polenta bulgur
parsnip asparagus artichoke avocado mango pineapple fig
"""), 6)

DISHES = Words(one_word("""
soup stew salad pie gratin casserole goulash risotto omelette pancakes dumplings lasagne pizza burger sandwich wrap
skewers meatballs pasta roast schnitzel fritters quiche tart cake pudding strudel muffins crumble waffles porridge
broth ragout chowder terrine patties croquettes gnocchi ravioli cannelloni tortilla burrito kebab paella biryani
flatbread rolls bagel toast compote jelly yoghurt smoothie trifle
"""), 6)

CANTEEN_THINGS = one_word("""
sauce gravy dressing bread filling crust topping vegetables meat fish garnish dessert coffee portion plate tray queue
menu counter kitchen staff chef service seating tables music lighting price bill spoon knife napkin juice tea starter
buffet seasoning crumbs batter dough icing marinade
""")

FILM_THINGS = one_word("""
plot story script dialogue acting camera photography editing soundtrack score ending opening pacing direction cast
costumes sets lighting effects sound narration humour romance chase finale premise tone atmosphere hero villain
heroine sidekick detective twist subplot scenery music makeup choreography subtitles animation stunts prologue
epilogue flashbacks voices monologue montage
""")

GENRES = listed("""
comedy, drama, thriller, western, musical, documentary, romance film, crime film, war film, cartoon, heist film,
science fiction film, road movie, ghost story, biography, family film, spy film, silent film, fairy tale, adventure film,
courtroom drama, sports film, monster movie, period piece, short film, puppet film
""")

TITLE_ADJECTIVES = Words(one_word("""
Last First Silent Hidden Northern Southern Distant Broken Golden Silver Paper Glass Iron Leather Second Seventh Midnight
Early Late Crimson Blue Green Grey White Velvet Hollow Narrow Winding Forgotten Borrowed Stolen Painted Burning
Sleeping Frozen Floating Restless Secret Private Ordinary Foreign Ancient Modern Autumn Winter Copper Marble Salt
Empty Crooked Double Half Lonely Patient Quiet Rising Falling Wandering
"""), 6)

TITLE_NOUNS = Words(one_word("""
Harbour Garden River Bridge Station Letter Orchard Mountain Island Forest Lighthouse Tower Window Mirror Train Voyage
Summer Evening Morning Shadow Lantern Compass Clock Mill Factory Bakery Library Museum Circus Carousel Piano Violin
Island Valley Canyon Desert Glacier Meadow Sparrow Falcon Wolf Tiger Whale Elephant Butcher Tailor Sailor Pilot Baker
Painter Widow Brother Sister Daughter Stranger Neighbour Passenger Visitor Witness Prisoner Promise Inheritance Recipe
Wedding Funeral Contract Kingdom Village Hotel Ferry Airport Tunnel Staircase Attic Cellar Umbrella Suitcase Diary
Photograph Telegram Ticket Bicycle Balloon Anchor Candle Carpet Feather Kettle Ladder Notebook Ocean Planet Quarry
"""), 6)

OCCUPATIONS = Words(one_word("""
accountant actress archaeologist architect astronaut baker barber beekeeper blacksmith bookseller botanist boxer
butcher captain carpenter chemist clerk clockmaker cobbler composer cook courier dancer dentist detective diplomat
diver doctor driver electrician engineer farmer firefighter fisherman florist forger gardener geologist ghostwriter
glassblower goldsmith governess hairdresser historian hunter inspector inventor janitor jeweller jockey journalist
judge juggler lawyer librarian locksmith magician mason mathematician mechanic merchant midwife miller miner musician
nurse optician painter paramedic photographer physicist pianist pilot plumber poet postman potter priest printer
professor roofer sailor sculptor secretary shepherd singer smuggler soldier surgeon surveyor tailor teacher
translator trumpeter typist veterinarian waiter weaver welder widow zookeeper
"""), 6)

QUESTS = listed("""
inherits a small hotel, looks for a missing brother, plans a bank robbery, moves back to a fishing village,
learns to play the cello, crosses the desert on foot, hides a stray dog, writes letters to a stranger,
wakes up in another century, finds a map in an old coat, drives a truck across the country, opens a bakery by the sea,
solves a murder on a night train, trains for a boxing match, falls for the owner of a circus, returns from the war,
takes over the family farm, builds a flying machine, raises three children alone, searches for a sunken ship,
shares a house with a ghost, runs for mayor of a small town, guards a lighthouse through the winter,
pretends to be a famous conductor, repairs clocks for a king, follows a whale around the world,
defends a village against a mining company, wins a lottery and tells nobody, forgets a whole year,
swaps lives with a twin sister, smuggles books over the border, teaches chess in a prison, tames a wild horse,
chases a forger through three cities, hears voices in an old radio, climbs a mountain with a rival,
keeps a promise made at school, travels home for a funeral, cooks for a travelling theatre, collects stories from sailors
""")

COMPANIONS = listed("""
my sister, my brother, a colleague, two colleagues, my parents, my neighbour, my boss, an old friend, the whole team,
my cousin, my aunt, the apprentices, my daughter, my son, our choir, a friend from school, my uncle, the night shift
""")

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def made_up(rng: random.Random) -> str:
    """A word that means nothing, of two or three syllables: what cannot be known must be copied."""
    onsets = "b bl br c ch cl d dr f fl g gl gr h j k kr l m n p pl pr qu r s sch sh sk sl sp st t th tr v w y z".split()
    vowels = "a e i o u ai ea ee ie oo ou".split()
    codas = ["", "", "", "l", "n", "r", "s", "t", "m", "d", "ck", "rn", "st", "nd", "x"]
    return "".join(rng.choice(onsets) + rng.choice(vowels) + rng.choice(codas) for _ in range(rng.choice([1, 2, 2, 2, 3])))


def made_up_thing(rng: random.Random, known: tuple[str, ...]) -> str:
    """A made-up thing: a new word alone, or before or after a known one."""
    return rng.choice([made_up(rng), f"{made_up(rng)} {rng.choice(known).split(' ')[-1]}", f"{rng.choice(known).split(' ')[0]} {made_up(rng)}",
                       f"{rng.choice(known).split(' ')[0]} {rng.choice(known).split(' ')[-1]}"])
