"""Words for fictitious data: no doctor, practice or town is meant; Dutch because a planner reads them."""

from __future__ import annotations

HDS_NAME = "Huisartsenspoedzorg Merenland (fictief)"

TOWNS = (
    "Merenstad", "Waterhoven", "Lindeburg", "Rietwoude", "Oosterhaven", "Heidedorp", "Zandvliet", "Molenbeek",
    "Kerkwijde", "Vaartveen", "Duinrade", "Bosschehoek",
)  # fmt: skip

FIRST_NAMES = (
    "Sanne", "Daan", "Fleur", "Bram", "Noor", "Thijs", "Eva", "Ruben", "Lotte", "Jasper", "Iris", "Maarten", "Femke",
    "Joris", "Anouk", "Pieter", "Marieke", "Sjoerd", "Hanneke", "Wouter", "Ilse", "Gijs", "Roos", "Koen", "Tessa",
    "Jeroen", "Mirjam", "Bas", "Yasmina", "Hugo", "Esther", "Mehmet", "Charlotte", "Tim", "Naima", "Floris", "Judith",
    "Stefan", "Amina", "Lars", "Saskia", "Mark", "Willemijn", "Omar", "Carolien", "Niels", "Annelies", "Rik", "Petra",
    "Youssef",
)  # fmt: skip

SURNAMES = (
    "de Vries", "van der Meulen", "Jansen", "Bakker", "Hoekstra", "van Dijk", "Mulder", "Smits", "de Boer", "Dekker",
    "van Leeuwen", "Postma", "Kuipers", "van den Berg", "Vermeer", "Schouten", "de Graaf", "Willems", "Hermans",
    "van Vliet", "Prins", "Koster", "Molenaar", "van Dam", "Verhoeven", "Blom", "Huisman", "van Beek", "Kramer",
    "Scholten", "van Wijk", "Post", "Martens", "van Es", "Groen", "Timmerman", "Veenstra", "Bos", "Yilmaz", "El Amrani",
    "Bouwman", "de Wit", "Peeters", "van Rijn", "Visser", "Dijkstra", "Ter Horst", "Brouwer", "van Loon", "Nijhuis",
)  # fmt: skip

PRACTICE_NAMES = (
    "De Linde", "De Brug", "Het Anker", "De Vlinder", "De Haven", "Het Baken", "De Wilg", "De Sluis", "De Eik",
    "De Kastanje", "Het Veer", "De Reiger", "De Molen", "Het Plein", "De Beuk", "De Dijk", "De Akker", "Het Hof",
    "De Meander", "De Zwaluw", "De Kade", "Het Bolwerk", "De Populier", "De Vuurtoren", "De Esdoorn", "De Grutto",
    "Het Kompas", "De Terp", "De Iep", "De Wending",
)  # fmt: skip

ABSENCE_REASONS = ("vakantie", "nascholing", "congres", "verlof")
LONG_LEAVE = "zwangerschapsverlof"
