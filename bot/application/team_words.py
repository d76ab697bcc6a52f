"""What people of the centre read about their rights: each act in plain French."""

from bot.application.rights import Act, Actor, may

ACTS: dict[Act, str] = {
    Act.SEE_TEAM_PAGES: "entrer dans l’espace équipe",
    Act.SEE_MENTOR_PAGES: "entrer dans l’espace mentors",
    Act.SEE_AGENDA: "voir l’agenda et le nombre de places prises",
    Act.WRITE_AGENDA: "ajouter, importer, répéter et confirmer des rendez-vous",
    Act.MOVE_GATHERING: "déplacer un rendez-vous",
    Act.CANCEL_GATHERING: "annuler un rendez-vous",
    Act.SEE_PARTICIPANTS: "voir les prénoms de qui participe, et leurs motivations",
    Act.CHOOSE_PARTICIPANTS: "choisir qui vient à une rencontre inspirante",
    Act.NOTE_ATTENDANCE: "noter les présences",
    Act.WRITE_HOLIDAYS: "encoder les congés scolaires",
    Act.WRITE_STANDS: "encoder les stands d’un forum",
    Act.SEE_FAIR_BOARD: "voir ce qui se demande au forum, sans noms",
    Act.WRITE_GROUPS: "créer des groupes et leurs invitations",
    Act.CONFIRM_AGREEMENTS: "confirmer l’accord d’un parent",
    Act.CORRECT_CATALOGUE: "corriger le catalogue des métiers et des études",
    Act.SEE_TEAM: "voir qui fait partie de l’équipe",
    Act.ADD_STAFF: "inviter des collègues",
    Act.CLOSE_STAFF: "fermer le compte d’un ou d’une collègue",
    Act.GRANT_ROLES: "donner et retirer des rôles (jamais les siens)",
    Act.SEE_LOG: "lire le journal de l’équipe",
    Act.READ_CASES: "lire les situations de protection",
    Act.ANSWER_QUESTIONS: "répondre aux questions des jeunes",
    Act.REVIEW_ANSWERS: "relire les réponses des mentors",
}


def rights(actor: Actor) -> list[str]:
    """What the actor may do, in words."""
    entering = (Act.SEE_TEAM_PAGES, Act.SEE_MENTOR_PAGES)
    return [words for act, words in ACTS.items() if act not in entering and may(actor, act)]
