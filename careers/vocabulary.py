"""The closed lists that catalogue rows may use: sectors, values, skills, drives, TUMO themes, domains of programmes."""

SECTORS = (
    "digital",  # software, networks, data, electronics of information
    "media",  # image, sound, film, games, shows
    "arts_crafts",  # design, drawing, craft with the hands, heritage
    "communication",  # journalism, marketing, languages, books
    "building",  # construction, public works, interior, architecture
    "industry",  # mechanics, electricity, production, maintenance, chemistry
    "mobility",  # transport, logistics, vehicles, aviation
    "food",  # kitchen, bakery, butchery, service in a restaurant
    "tourism_sport",  # hotel, travel, sport, leisure
    "health",  # care of bodies and minds
    "social",  # social work, childhood, disability, old age
    "education",  # teaching, training, guidance
    "commerce",  # shops, sales, purchases
    "office",  # administration, accounts, people, banks, insurance
    "justice_security",  # law, police, fire brigade, defence, prevention
    "science",  # research, laboratories, engineering offices
    "nature",  # agriculture, animals, plants, environment, energy
    "beauty_fashion",  # hair, beauty, clothes
)

VALUES = (
    "freedom",
    "creativity",
    "helping",
    "learning",
    "teamwork",
    "stability",
    "income",
    "challenge",
    "nature",
    "fairness",
    "recognition",
    "free_time",
    "variety",
    "precision",
    "usefulness",
    "beauty",
    "movement",
    "leading",
    "calm",
    "passing_on",
    "closeness",
    "travel",
    "tangible",
    "fun",
)

SKILLS = (
    "persevere",
    "invent",
    "explain",
    "plan",
    "listen",
    "repair",
    "decide",
    "observe",
    "convince",
    "learn",
    "detail",
    "care",
)

WAY_KINDS = ("studies", "qualification", "apprenticeship", "on_the_job", "adult")

TODAY = ("mostly_women", "mostly_men", "mixed", "unknown")

TUMO_DOMAINS = (
    "programming",
    "game_development",
    "robotics",
    "modeling_3d",
    "animation",
    "filmmaking",
    "photography",
    "graphic_design",
    "music",
    "drawing",
    "generative_ai",
    "motion_design",
)

# As they stand in the table of programmes, so that an occupation and a programme meet on the same word.
PROGRAMME_DOMAINS = (
    "IA générative",
    "agronomie/environnement",
    "animation",
    "architecture",
    "arts du spectacle",
    "communication",
    "culture",
    "cybersécurité",
    "design graphique",
    "dessin",
    "droit",
    "enseignement",
    "environnement",
    "histoire de l’art",
    "ingénieur",
    "jeu vidéo",
    "langues",
    "logopédie",
    "mode",
    "modélisation 3D",
    "montage vidéo/cinéma",
    "motion graphics",
    "musicologie",
    "musique",
    "musique numérique",
    "photographie",
    "programmation",
    "psychologie",
    "robotique",
    "réseaux",
    "santé",
    "sciences",
    "sciences humaines",
    "social",
    "sport",
    "technique",
    "écriture",
    "économie/gestion",
    "électronique",
)
