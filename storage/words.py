"""Simple French words for codes that are said aloud; no two are alike once accents are gone."""

# ruff: noqa: SIM905  # a list a screen long, readable

WORDS: tuple[str, ...] = tuple(
    """
abeille abricot accent accord acteur actrice adresse affiche agenda agneau aide aigle aiguille aile
aimant alarme album algue allumette alphabet amande ambre amitié ampoule ananas ancre âne animal anneau
anorak antenne appareil aquarium araignée arbre arc archer ardoise argent argile armoire arrosoir
artichaut artiste asperge assiette astre atelier athlète atlas atome aubergine aurore autobus automne
avenir aventure avion aviron avoine azur bague baguette balade balai balance balançoire balcon baleine
balle ballet ballon bambou banane banc bande banjo banque banquise barbe barque barrage barrière bascule
basilic basket bassin bateau bâton batterie beignet bélier berceau béret berger beurre biberon biche
bijou bille billet biscuit bison blaireau blé bleuet blouson bobine boisson boîte bonbon bonheur bonnet
bonsaï bosse botte bottine bouche boucle bougie boule bouquet bourgeon boussole bouteille boutique
bouton bracelet branche brebis bretelle brioche brique brise brocoli brosse brouette brousse bruine
brume bruyère buanderie bûche budget buffet bulle bureau cabane cabine câble cabri cacao cachette cactus
cadeau cadran cadre cage cahier caillou caisse calcul calepin câlin calmar camarade caméra camion
campagne campeur canal canapé canard canari canne canoë cantine cape capitaine carafe caramel caravane
cargo caribou carnaval carnet carotte carré carreau carrefour carrosse cartable carte carton cascade
casque casquette cassis castor catalogue cave caverne cèdre ceinture céleri cerceau cercle cerf cerise
chaise chalet chaleur chameau champion chance chandelle chanson chanteur chapeau chapitre charrette
château chaton chaussette chaussure chemin cheminée chemise chêne chenille cheval chèvre chevreuil
chicorée chien chiffre chimie chocolat chorale chou chouette cigale cigogne cinéma cirque ciseau citerne
citron citrouille clairière clarinette classe classeur clavier client cloche clocher clou clown
coccinelle cocon code coffre coiffeur colibri colis colline colombe colonne comète comique compas
compote concert concours conseil conte copain copie coquelicot coquillage corail corbeille corde
corneille cornet corridor cosmos costume coton couleur couloir coupe courage courgette couronne course
cousin coussin couteau couverture crabe craie crapaud crayon crème crêpe cresson crevette cristal
crocodile croissant cube cuillère cuisine cuivre culture curry cycliste cygne cymbale cyprès dahlia
damier danse danseur dauphin début décor défi dent dentelle départ dessert dessin détail détective
devinette diamant dictée dimanche dinosaure diplôme disque docteur doigt domino dossier douceur douche
dragon drapeau dune duo duvet écaille écharpe échelle échiquier écho éclair école écorce écran écrou
écureuil écurie édredon effort élan élastique éléphant élève émail émeraude émotion encre énergie
enfance énigme enveloppe épi épicerie épinard éponge équerre équipe érable escalade escalier escargot
espace espoir essai essence estrade étable étage étagère étang étoile étude évier excuse exemple exploit
express fable façade facteur faisan falaise famille fanfare farine faucon fauteuil fée fenêtre fenouil
ferme fermier festival fête feuille feutre février ficelle fiche figue figure fil filet film filtre
flamme flèche fleur fleuve flocon flûte foire fondue fontaine football forêt forge formule fossile fouet
fougère foulard fourchette fourmi fraise framboise frégate frère frite fromage fruit fumée fusée futur
gadget galaxie galerie galet galette galop gant garage gardien gare gâteau gaufre gazelle gazon géant
gecko gelée genêt genou géranium gerbille girafe girofle girouette givre glace glacier globe gobelet
goéland gomme gondole goutte goyave grain graine grange granit grappe gratin grenier grenouille griffe
grillon grimace grotte groupe grue guépard guêpe guide guidon guirlande guitare gymnase habit haie hamac
hameau hamster hangar hanneton hareng haricot harmonie harpe hélice herbe hérisson héron héros hêtre
heure hibou hippocampe hirondelle histoire hiver hockey homard honneur horizon horloge hôtel houx huile
huître humour hutte idée igloo iguane île image imprimante indice ingénieur insecte instant invité iris
ivoire jade jaguar jambe jardin jasmin jeu jeudi jeunesse joie jonquille jouet joueur jour journal joyau
juillet juin jumeau jumelle jungle jupe jury justice kangourou karaté kayak képi kiosque kiwi koala labo
lac lacet lagon laine lait laitue lama lampe lande langage langue lanterne lapin laurier lavande leçon
lecteur légende légume lentille léopard lessive lettre levier lézard liane libellule liberté librairie
licorne liège lierre lièvre ligne lilas limace lime limonade lion liste litre livre locomotive logiciel
loisir losange loup loupe loutre lumière lundi lune lunette lustre luth lutin lynx lyre machine magasin
magie magnolia maillot main maïs maison maître malice malle mallette mammouth manche mandarine manège
mangue manoir manteau marbre marché mardi marée marelle marguerite marin marmite marmotte marron marteau
mascotte masque matelas matelot matière matin mélange mélèze melon mémoire menthe menu mercredi merle
message mesure métal météo métier mètre métro micro miel miette milieu mimosa mine minuit miroir mobile
modèle module moineau mois moisson moment monde moniteur montagne monument morceau morse mosaïque moteur
moto mouchoir mouette moulin mousse moustache mouton muguet mulet muscle musée musique myrtille mystère
nacre nageur nappe narval nation nature navet navette navire nectar neige nénuphar neveu niche nid nièce
noisette noix nomade nombre nord note nougat nouille nounours novembre nuage nuance nuit numéro oasis
objet océan ocre octobre odeur œuf office oignon oiseau olive olivier ombre omelette oncle onde ongle
opale opéra orange orbite orchestre orchidée ordre oreille oreiller organe orge origan orme orque ortie
otarie ouest ours outil ouvrage ovale page paille pain paix palais palette palier palme palmier palourde
panache panda panier panneau pantalon panthère paon papaye papier papillon paprika paquebot paquet
parade parapluie parasol parc parcours parfum parole partage parure passage passerelle passion pastel
pastèque pâte patience patin patinoire pâtisserie pause pavillon paysage peau pêche pédale peigne
peintre peinture pélican pelle pelote pelouse péniche pépin pépite perche perle perroquet perruche
persil personne phare phoque photo phrase physique piano pièce pied pierre pieuvre pigeon pile pilote
pin pince pinceau pingouin pinson pioche pipeau piquet piscine pissenlit pistache piste pivert pivoine
pizza placard place plage plaine plan planche planète planeur plante plaque plateau plongeon pluie plume
poche poème poésie poète poire poireau poisson poivre poivron pôle politesse pollen polo pomme pommier
poney pont port porte portrait poster potager poterie potion potiron poulain poule poulet poulie poupée
prairie prénom presse primevère prince prisme prix problème produit projet promenade proverbe prune
public puce puits pull pupitre puzzle pyjama pyramide quai quart quartier quartz question quiche quille
quinoa quiz racine radar radeau radio radis raisin ramage rame rameau randonnée rapide raquette ravin
rayon recette récif récolte récréation refrain refuge région règle reine relais renard renne repas repos
requin réseau restaurant retour rêve réveil revue rhubarbe rideau rire rivage rive rivière riz robe
robot rocher roi roman romarin ronde rose roseau rosée rossignol roue rouge route royaume ruban rubis
ruche rue ruelle rugby ruisseau rythme sable sabot sac safran sagesse salade salle salon salsa salut
samedi sandale sandwich sapin sardine satin saturne sauce sauge saule saumon saut sauterelle savane
saveur savoir savon scarabée scène science scooter sculpture séance seau secret seigle semaine semelle
semis sentier septembre serpent serre serrure service serviette sésame siècle siège sifflet signal signe
silence silex silo sirène sirop site skate ski soie soir soja solaire soleil solide solo solution sommet
songe sonnette sorbet sorcier soucoupe souhait soulier soupe source sourire souris spirale sport stade
station statue steppe stylo sucette sucre sud surf surprise sushi symbole table tableau tablette tablier
tabouret taille talent tambour tamis tandem tango tanière tante tapis tarte tartine tasse taupe taureau
taxi teinte télescope témoin tempête temps tennis tente terrain terrasse terre terrier têtard texte
théâtre théière thème thermos thym ticket tige tigre tilleul timbre tiroir tissu titre toast toboggan
toile toit tomate tombola tonneau topaze torche torrent tortue toucan toundra toupie tour tournesol
tournoi tracteur train traîneau trait tram trampoline trapèze travail trèfle trésor tresse triangle
tribu tricot tricycle trio triton trombone trompette tronc trophée trottoir troupe trousse truite tube
tuile tulipe tunnel turban turbine turquoise tuyau tympan uniforme union univers usine vache vague
vaisseau valise vallée valse vanille vapeur vase vedette végétal veille vélo velours vendredi vent
verger verglas verre veste viaduc victoire vidéo vigne village ville vinaigre violette violon virage
virgule visage visite vitamine vitesse vitrail vitre vitrine voile voisin voiture voix volcan volet
volley volume voyage voyageur wagon wapiti xylophone yaourt yoga yourte zèbre zénith zeste zigzag zone
zoo
""".split()
)
