from django.urls import path

from residents.views import beds

app_name = "residents"
urlpatterns = [
    path("beds/", beds.beds, name="beds"),
    path("beds/<uuid:bed>/", beds.bed, name="bed"),
    path("sites/<slug:site>/beds/", beds.bed_board, name="bed_board"),
    path("sites/<slug:site>/beds/nights/", beds.bed_nights, name="bed_nights"),
    path("sites/<slug:site>/beds/list/", beds.night_list, name="night_list"),
]
