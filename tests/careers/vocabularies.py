"""Small made-up vocabularies in the official layouts; no row of theirs."""

from pathlib import Path

ESCO = "http://data.europa.eu/esco/occupation/"
OCCUPATIONS = f"""conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description
Occupation,{ESCO}aaa,7111,monteur de nuages/monteuse de nuages,"monteuse de nuages
assembleur de nuages",
Occupation,{ESCO}bbb,7112,gardienne de brume,"veilleuse de brume",
Occupation,{ESCO}ccc,7113,kinésithérapeute,,
"""
LIVE = f"""conceptUri,preferredLabel,altLabels
{ESCO}aaa,monteur de nuages/monteuse de nuages,monteuse de nuages|assembleuse de cumulus
{ESCO}ddd,souffleur de tempêtes/souffleuse de tempêtes,
"""
CODES = """"code_rome","libelle_rome","code_rome_parent"
"A9901","Monteur / Monteuse de nuages","A9901"
"J1404","Kinésithérapeute","J1404"
"B9902","Peintre / Peintresse d'arcs-en-ciel","B9902"
"""
NAMES = """"code_ogr","libelle_appellation_long","libelle_appellation_court","code_rome"
"1","Assembleur / Assembleuse de stratus","Assembleur(se) de stratus","A9901"
"2","Coloriste d'arcs-en-ciel","Coloriste d'arcs-en-ciel","B9902"
"""
RIASEC = """"code_rome","riasec_majeur","riasec_mineur"
"A9901","R","I"
"B9902","A",""
"""
INTERESTS = """"code_centre_interet","libelle_centre_interet","definition_centre_interet"
"1","J'aime la pluie","Danser sous les averses"
"""
DRAWN = """"code_centre_interet","libelle_centre_interet","code_rome","principal"
"1","J'aime la pluie","A9901","oui"
"""
MOVES = """"code_rome","code_rome_cible","numero_ordre"
"A9901","B9902","2"
"A9901","J1404","1"
"""
CROSSING = f"""esco,esco_label,ogr,rome_label,rel,code_rome
{ESCO}aaa,x,1,Assembleur / Assembleuse de stratus,skos:exactMatch,A9901
{ESCO}ccc,x,3,Kinésithérapeute,skos:exactMatch,J1404
"""
SCORES = "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\n" + "".join(
    f"11-1.00\t1\t{name}\tOI\t{value}\n"
    for name, value in zip(
        ("Realistic", "Investigative", "Artistic", "Social", "Enterprising", "Conventional"),
        (7, 4, 1, 1, 1, 1),
        strict=True,
    )
)
ONET_ESCO = f"""Mapping project name,made up,,
,,,
O*NET Id,O*NET Title,ESCO or ISCO URI,Type of Match
11-1.00,x,{ESCO}aaa,exactMatch
"""


def write(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode(encoding))
    return folder


def esco(folder: Path) -> Path:
    return write(folder, {"occupations_fr.csv": OCCUPATIONS})


def rome(folder: Path) -> Path:
    return write(
        folder,
        {
            "unix_referentiel_code_rome_v1_utf8.csv": CODES,
            "unix_referentiel_appellation_v1_utf8.csv": NAMES,
            "unix_referentiel_code_rome_riasec_v1_utf8.csv": RIASEC,
            "unix_centre_interet_v1_utf8.csv": INTERESTS,
            "unix_arborescence_centre_interet_v1_utf8.csv": DRAWN,
            "unix_rubrique_mobilite_v1_utf8.csv": MOVES,
            "esco_rome.csv": CROSSING,
        },
    )


def onet(folder: Path) -> Path:
    return write(folder, {"Interests.txt": SCORES, "crosswalk_esco_onet.csv": ONET_ESCO})
